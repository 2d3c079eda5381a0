# shellcheck shell=bash
# Kamailio 6.0 and its RTPEngine from a newer Debian, in a tree of its own. Tests run it by chroot inside namespaces.

KAMAILIO60_PACKAGES=(
  kamailio kamailio-extra-modules kamailio-sqlite-modules kamailio-tls-modules kamailio-utils-modules
  kamailio-websocket-modules rtpengine-daemon
)

setup_kamailio60() {
  run_step trixie "$KAMAILIO60_SUITE ${KAMAILIO60_PACKAGES[*]}" install_kamailio60 "$NEOLIA_ENV/trixie"
}

install_kamailio60() {
  local root=$1
  as_root rm -rf "$root"
  as_root debootstrap --variant=minbase "$KAMAILIO60_SUITE" "$root" "$(debian_mirror)"
  printf '#!/bin/sh\nexit 101\n' | as_root tee "$root/usr/sbin/policy-rc.d" >/dev/null
  as_root chmod 755 "$root/usr/sbin/policy-rc.d"
  printf 'path-exclude /usr/share/%s/*\n' doc man locale | as_root tee "$root/etc/dpkg/dpkg.cfg.d/small" >/dev/null
  as_root chroot "$root" env DEBIAN_FRONTEND=noninteractive LC_ALL=C \
    apt-get install -y -qq --no-install-recommends "${KAMAILIO60_PACKAGES[@]}"
  as_root chroot "$root" apt-get clean
  as_root find "$root/var/lib/apt/lists" "$root/usr/share/doc" "$root/usr/share/man" "$root/usr/share/locale" -type f -delete
  as_root chroot "$root" kamailio -v | head -n 1
}
