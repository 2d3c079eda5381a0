# shellcheck shell=bash
# One environment for each Home Assistant version: two for component tests, one to run.

MYPY_PIN=$(grep '^mypy==' "$CHECKOUT/scripts/requirements-tools.txt")

setup_ha_test() {
  local version helper
  for version in "${HA_TEST_VERSIONS[@]}"; do
    helper=${HA_TEST_HELPER[$version]}
    run_step "venv-ha-$version" "test helper $helper, $MYPY_PIN" install_ha "$version" \
      "pytest-homeassistant-custom-component==$helper" "$MYPY_PIN"
  done
}

setup_ha_run() {
  run_step "venv-ha-$HA_RUN_VERSION" "$HA_RUN_VERSION" install_ha "$HA_RUN_VERSION"
}

# install_ha VERSION REQUIREMENT…
install_ha() {
  local version=$1
  shift
  local venv=$NEOLIA_ENV/venv-ha-$version
  install_venv "$venv" "homeassistant==$version" "$@"
  "$venv/bin/python" "$CHECKOUT/scripts/setup.d/ha_requirements.py" >"$venv/integration-requirements.txt"
  "$UV" pip install -q --python "$venv/bin/python" -r "$venv/integration-requirements.txt" \
    -c "$venv/lib/python3.14/site-packages/homeassistant/package_constraints.txt"
}
