#!/usr/bin/env bash
# Makes promtool available to the tests, and does nothing when it already is.
#
# It is part of Debian's package prometheus, which also starts a server when it is installed, and
# at every boot from then on. So the package is only unpacked: third_party/promtool/promtool.
# tests/CMakeLists.txt puts that folder behind the PATH.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=tools/say.sh
. tools/say.sh

readonly target=third_party/promtool
readonly way_out="check the network, or put a promtool of your own in the PATH"

scratch=

# apt checks the package's signature.
download_package() {
  (cd "$scratch" && quietly "$scratch/apt.log" apt-get -q -o APT::Sandbox::User=root download prometheus)
}

download() {
  mkdir -p third_party
  scratch=$(mktemp -d "$PWD/third_party/.fetch.XXXXXX")
  trap 'rm -rf "$scratch"' EXIT
  say "downloading promtool"
  # Package lists that are missing or too old are fetched once.
  download_package 2>/dev/null || {
    quietly "$scratch/apt.log" apt_get update || true
    download_package || die "Debian's package prometheus could not be downloaded: $way_out"
  }
  dpkg-deb --fsys-tarfile "$scratch"/prometheus_*.deb | tar -xf - -C "$scratch" ./usr/bin/promtool
  # The last step is one rename: whoever finds the folder finds it whole.
  mv "$scratch/usr/bin" "$target"
  say "promtool is in $target"
}

main() {
  if command -v promtool >/dev/null 2>&1 || [ -x "$target/promtool" ]; then
    return 0
  fi
  command -v apt-get >/dev/null 2>&1 || die "this is no Debian: put a promtool in the PATH"
  download
}

main
