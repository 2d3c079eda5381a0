# shellcheck shell=bash
# build_release TARGET…: with optimisation. The end of the log is shown only when it fails.

build_release() {
  local log=build/logs/build-release.log
  mkdir -p build/logs
  cmake --preset release >"$log" 2>&1 &&
    cmake --build --preset release --parallel 2 --target "$@" >>"$log" 2>&1 && return
  tail -n 40 "$log" >&2
  echo "the build failed; the whole log is $log" >&2
  return 1
}
