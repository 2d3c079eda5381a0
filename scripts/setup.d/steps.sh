# shellcheck shell=bash
# A step runs once for a given key. Its stamp is removed before it starts, so an interrupted one starts again.

say() { echo "setup: $*"; }
fail() {
  echo "setup: $*" >&2
  exit 1
}

# run_step NAME KEY FUNCTION [ARGUMENT…]
run_step() {
  local name=$1 key=$2
  shift 2
  local stamp=$NEOLIA_ENV/stamps/$name log=$NEOLIA_ENV/logs/$name.log
  mkdir -p "$NEOLIA_ENV/stamps" "$NEOLIA_ENV/logs"
  if [ -e "$stamp" ] && [ "$(cat "$stamp")" = "$key" ]; then return; fi
  rm -f "$stamp"

  say "$name"
  local status=0 began=$SECONDS
  set +e
  (
    set -e
    "$@"
  ) >"$log" 2>&1 9>&-
  status=$?
  set -e
  if [ $status -ne 0 ]; then
    tail -n 20 "$log" >&2
    fail "$name failed; the whole log is $log"
  fi
  printf '%s\n' "$key" >"$stamp"
  say "$name: done in $((SECONDS - began)) s"
}

# as_root COMMAND…: directly as root, else through sudo
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "root is needed for: $*"
  fi
}
