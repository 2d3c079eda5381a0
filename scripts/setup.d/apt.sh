# shellcheck shell=bash
# Debian packages of this machine's own release, installed only when missing.

# Debian 12's default Boost is older than we need.
BOOST_PACKAGE=libboost-dev
if grep -qs '^VERSION_ID="12"' /etc/os-release; then BOOST_PACKAGE=libboost1.81-dev; fi

APT_NATIVE=(
  g++ cmake ninja-build ccache pkg-config tzdata
  "$BOOST_PACKAGE" libssl-dev libcurl4-openssl-dev zlib1g-dev libexpected-dev libgtest-dev libgmock-dev
  libsofia-sip-ua-dev libmimalloc-dev
)
APT_PYTHON=(python3 python3-venv ca-certificates)
APT_HA=(ffmpeg libturbojpeg0)
APT_KAMAILIO=(
  kamailio kamailio-extra-modules kamailio-sqlite-modules kamailio-tls-modules kamailio-utils-modules
  kamailio-websocket-modules rtpengine-daemon baresip-core baresip-ffmpeg sip-tester sqlite3 ffmpeg openssl coturn iproute2 iptables nftables procps util-linux libfaketime strace
)
APT_SCANNERS=(sipvicious sipsak nmap)
APT_BROWSER=(chromium fonts-dejavu-core)
# g++ has no libFuzzer, and Debian 12's default clang (14) does not take its own libstdc++'s ranges.
APT_SANITIZERS=(clang-16 libclang-rt-16-dev)
APT_KAMAILIO60=(debootstrap util-linux iproute2)

setup_apt_python() { apt_install "${APT_PYTHON[@]}"; }
setup_apt_native() { apt_install "${APT_NATIVE[@]}"; }
setup_apt_ha() { apt_install "${APT_HA[@]}"; }
setup_apt_kamailio() { apt_install "${APT_KAMAILIO[@]}"; }
setup_apt_scanners() { apt_install "${APT_SCANNERS[@]}"; }
setup_apt_browser() { apt_install "${APT_BROWSER[@]}"; }
setup_apt_sanitizers() { apt_install "${APT_SANITIZERS[@]}"; }
setup_apt_kamailio60() { apt_install "${APT_KAMAILIO60[@]}"; }

is_installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

apt_install() {
  command -v dpkg-query >/dev/null || fail "this is not Debian; install the equivalents of: $*"
  local missing=() package
  for package in "$@"; do
    is_installed "$package" || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
    fail "missing packages, and neither root nor sudo: apt-get install ${missing[*]}"
  fi

  say "apt-get install ${missing[*]}"
  mkdir -p "$NEOLIA_ENV/logs"
  local log=$NEOLIA_ENV/logs/apt.log
  without_starting_services apt_get_install "${missing[@]}" >"$log" 2>&1 || {
    tail -n 20 "$log" >&2
    fail "apt-get could not install: ${missing[*]}"
  }
  for package in "${missing[@]}"; do
    case $package in kamailio | rtpengine-daemon | coturn) leave_stopped "$package" ;; esac
  done
}

apt_get_install() {
  as_root apt-get update -qq &&
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
}

# Debian starts a service when its package is installed; a policy-rc.d that says 101 forbids it.
without_starting_services() {
  local policy=/usr/sbin/policy-rc.d status=0
  if [ -e $policy ]; then
    "$@"
    return
  fi
  printf '#!/bin/sh\nexit 101\n' | as_root tee $policy >/dev/null
  as_root chmod 755 $policy
  "$@" || status=$?
  as_root rm -f $policy
  return $status
}

# Only for a service that this run installed: one that was there before is its owner's.
leave_stopped() {
  if [ -d /run/systemd/system ]; then as_root systemctl disable --now --quiet "$1"; fi
  say "the $1 service of the package is left stopped; the tests start their own processes"
}

# The Debian mirror that this machine already uses.
debian_mirror() {
  local mirror
  mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
    grep -v '^[[:space:]]*#' | grep -oE 'https?://[^[:space:]]+/debian/?([[:space:]]|$)' | head -n 1 | tr -d '[:space:]') || true
  echo "${mirror:-http://deb.debian.org/debian}"
}

# private_apt DIRECTORY SUITE: an apt of another release that knows nothing of this machine's packages.
# Afterwards: APT_CONFIG=DIRECTORY/apt.conf apt-get …
private_apt() {
  local root=$1 suite=$2 keyring=/usr/share/keyrings/debian-archive-keyring.gpg kind
  rm -rf "$root"
  mkdir -p "$root"/etc/apt/{apt.conf.d,preferences.d,trusted.gpg.d} "$root"/var/lib/{apt/lists/partial,dpkg} \
    "$root"/var/cache/apt/archives/partial
  : >"$root/var/lib/dpkg/status"
  for kind in deb deb-src; do
    echo "$kind [signed-by=$keyring] $(debian_mirror) $suite main"
  done >"$root/etc/apt/sources.list"
  {
    cat <<TEXT
Dir "$root/";
Dir::State::status "$root/var/lib/dpkg/status";
Dir::Etc "$root/etc/apt";
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Check-Valid-Until "false";
TEXT
    apt-config dump | grep -iE '^Acquire::https?::([^ ]*::)?(Proxy|CaInfo)' || true
  } >"$root/apt.conf"
  APT_CONFIG=$root/apt.conf apt-get update -qq
}
