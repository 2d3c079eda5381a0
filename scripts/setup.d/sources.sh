# shellcheck shell=bash
# Third-party C++ sources that are built with ours. Two origins each, one hash over the files that are compiled.

setup_sources() {
  run_step sqlitecpp "$SQLITECPP_VERSION" fetch_source SQLiteCpp "$SQLITECPP_VERSION" sqlitecpp \
    "https://github.com/SRombauts/SQLiteCpp/archive/refs/tags/$SQLITECPP_VERSION.tar.gz" \
    ac7924b0e1d973fc225b624d4d8e8771ebe833e3a4129b9e48fd232aa58c9327 \
    'include/SQLiteCpp/*.h src/*.cpp sqlite3/sqlite3.c sqlite3/sqlite3.h'
  run_step date "$DATE_VERSION" fetch_source date "$DATE_VERSION" howardhinnant-date \
    "https://github.com/HowardHinnant/date/archive/refs/tags/v$DATE_VERSION.tar.gz" \
    8ad1f7a33b77e63dc0f3a81886027204a672e26bb99d30277aefd9e5c6f57a7b \
    'include/date/*.h src/tz.cpp'
}

# fetch_source NAME VERSION DEBIAN_SOURCE URL SHA256 FILES: fills .env/deps/NAME-VERSION
fetch_source() {
  local name=$1 version=$2 package=$3 url=$4 sha256=$5 files=$6
  local target=$NEOLIA_ENV/deps/$name-$version work
  work=$(mktemp -d)
  # shellcheck disable=SC2064
  trap "rm -rf '$work'" EXIT

  local origin found
  for origin in debian_source project_archive; do
    rm -rf "$work/tree"
    mkdir -p "$work/tree"
    "$origin" "$work" "$package" "$version" "$url" || continue
    found=$(content_hash "$work/tree" "$files")
    if [ "$found" = "$sha256" ]; then
      mkdir -p "$NEOLIA_ENV/deps"
      rm -rf "$target"
      mv "$work/tree" "$target"
      return
    fi
    echo "$name $version from $origin has hash $found, expected $sha256"
  done
  echo "no origin gave the pinned source of $name $version"
  return 1
}

content_hash() {
  # shellcheck disable=SC2086
  (cd "$1" && LC_ALL=C && cat $2 | sha256sum | cut -d' ' -f1)
}

# The archive is what counts: apt-get may complain of packaging files that we do not need.
debian_source() {
  local work=$1 package=$2 version=$3
  command -v apt-get >/dev/null || return 1
  private_apt "$work/apt" "$PYTHON_DEBIAN_SUITE" || return 1
  (cd "$work" && APT_CONFIG=$work/apt/apt.conf apt-get source -qq --download-only "$package") || true
  local archive
  for archive in "$work/${package}_$version"*.orig.tar.*z; do
    [ -e "$archive" ] && tar -xf "$archive" -C "$work/tree" --strip-components=1 && return
  done
  return 1
}

project_archive() {
  local work=$1 url=$4
  python3 -c 'import sys, urllib.request as u; u.urlretrieve(*sys.argv[1:])' "$url" "$work/archive.tar.gz" &&
    tar -xf "$work/archive.tar.gz" -C "$work/tree" --strip-components=1
}
