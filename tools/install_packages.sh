#!/usr/bin/env bash
# Installs what is missing from apt-packages.txt; says and does nothing when all is there.
#
# usage: tools/install_packages.sh [build|test|check|bench]...      (default: build check)
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=tools/say.sh
. tools/say.sh

readonly list=apt-packages.txt

# The package names under one "## heading" of the list.
packages_under() {
  awk -v want="$1" '/^## / { here = $2; sub(/:.*/, "", here); next }
                    !/^#/ && NF && here == want { print $1 }' "$list"
}

# The given names that dpkg does not know as installed, one a line.
missing_of() {
  local installed name
  installed=$(dpkg-query -W -f '${Package}=${db:Status-Status}\n' "$@" 2>/dev/null || true)
  for name in "$@"; do
    grep -qx "$name=installed" <<<"$installed" || echo "$name"
  done
}

# Debian's two Boost versions cannot live side by side; removing one is the owner's decision.
refuse_other_boost() {
  [ -z "$(missing_of libboost1.74-dev)" ] || return 0
  die "libboost1.74-dev stands in the way of libboost1.81-dev;" \
    "run 'apt-get remove libboost1.74-dev' and call make again"
}

install() {
  local log
  log=$(mktemp)
  say "installing $# Debian packages: $*"
  quietly "$log" apt_get update ||
    say "apt-get update failed; trying with the package lists at hand"
  if ! quietly "$log" apt_get install --no-install-recommends --no-remove "$@"; then
    rm -f "$log"
    die "apt-get could not install the packages; check the network and run:" \
      "apt-get update && apt-get install $*"
  fi
  rm -f "$log"
}

main() {
  local heading missing=() names=()
  [ $# -gt 0 ] || set -- build check
  if ! command -v dpkg-query >/dev/null 2>&1; then
    say "this is no Debian: install the equivalents of $list yourself (going on)"
    return 0
  fi
  for heading in "$@"; do
    mapfile -t -O "${#names[@]}" names < <(packages_under "$heading")
  done
  [ ${#names[@]} -gt 0 ] || die "$list has no packages under: $*"
  mapfile -t missing < <(missing_of "${names[@]}")
  [ ${#missing[@]} -gt 0 ] || return 0
  root_prefix >/dev/null ||
    die "packages are missing and this is not root; run as root: apt-get install ${missing[*]}"
  case " ${missing[*]} " in *" libboost1.81-dev "*) refuse_other_boost ;; esac
  install "${missing[@]}"
}

main "$@"
