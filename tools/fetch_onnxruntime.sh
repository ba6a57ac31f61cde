#!/usr/bin/env bash
# Makes ONNX Runtime available to the build, and does nothing when it already is.
#
# Tried in this order:
#   1. ONNXRUNTIME_ROOT is set:           use its include/ and lib/
#   2. pkg-config knows libonnxruntime:   use that
#   3. otherwise download into third_party/onnxruntime-VERSION-ARCH/{include,lib}:
#        the library from an npm package that carries the vendor's own build (checked by sha512),
#        the headers from Debian 13's libonnxruntime-dev (checked by sha256 of their content).
# The C API is versioned: headers older than the library are a supported pair.
# cmake/OnnxRuntime.cmake looks in the same places in the same order.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=tools/say.sh
. tools/say.sh

readonly version=1.24.3
readonly npm_package=onnxruntime-node@$version
readonly npm_sha512=JH7+czbc8ALA819vlTgcV+Q214/+VjGeBHDjX81+ZCD0PCVCIFGFNtT0V4sXG/1JXypKPgScQcB3ij/hk3YnTg==
readonly header_package=libonnxruntime-dev
readonly header_suite=trixie
readonly header_sha256=4a19a1408126c4aa31d6912612988abba045481c036312048ee06b93204755af
readonly way_out="set ONNXRUNTIME_ROOT to a folder with ONNX Runtime's include/ and lib/"

scratch=

# The folder name this machine's processor has inside the npm package.
processor() {
  case $(uname -m) in
    x86_64) echo x64 ;;
    aarch64 | arm64) echo arm64 ;;
    *) die "no ONNX Runtime is known for $(uname -m): build one and set ONNXRUNTIME_ROOT" ;;
  esac
}

check_root() {
  [[ -d $ONNXRUNTIME_ROOT/include && -d $ONNXRUNTIME_ROOT/lib ]] ||
    die "ONNXRUNTIME_ROOT=$ONNXRUNTIME_ROOT has no include/ and lib/: point it at an unpacked" \
      "ONNX Runtime, or unset it to download one"
}

# Debian's npm is a large tree of packages, so it is installed only on this road and when absent.
need_npm() {
  command -v npm >/dev/null 2>&1 && return 0
  command -v apt-get >/dev/null 2>&1 ||
    die "npm is needed to download ONNX Runtime: install npm, or $way_out"
  root_prefix >/dev/null ||
    die "npm is needed to download ONNX Runtime: run 'apt-get install npm' as root, or $way_out"
  say "installing npm (only to download ONNX Runtime; a few minutes)"
  quietly "$scratch/npm.log" apt_get update || true
  quietly "$scratch/npm.log" apt_get install --no-install-recommends npm ||
    die "apt-get could not install npm: check the network, or $way_out"
}

fetch_library() {
  local archive=$scratch/onnxruntime-node-$version.tgz member digest
  member=package/bin/napi-v6/linux/$(processor)/libonnxruntime.so.1
  need_npm
  say "downloading ONNX Runtime $version (86 MB)"
  # Packing only downloads the archive; none of its scripts run.
  (cd "$scratch" && quietly "$scratch/npm.log" npm pack --ignore-scripts "$npm_package") ||
    die "npm could not download $npm_package: check the network, or $way_out"
  digest=$(npm_digest "$archive")
  [ "$digest" = "$npm_sha512" ] ||
    die "$npm_package is not the archive expected (sha512 $digest): $way_out"
  mkdir -p "$scratch/tree/lib"
  tar -xzf "$archive" -C "$scratch" "$member"
  mv "$scratch/$member" "$scratch/tree/lib/libonnxruntime.so.1"
  ln -s libonnxruntime.so.1 "$scratch/tree/lib/libonnxruntime.so"
}

# sha512 of a file in the base64 form that npm calls the integrity value.
npm_digest() {
  python3 -c 'import base64, hashlib, sys
print(base64.b64encode(hashlib.sha512(open(sys.argv[1], "rb").read()).digest()).decode())' "$1"
}

# The machine's own Debian sources with the suite renamed: main only, no updates, no security.
# Writes DIR/sources.list.d/; apt reads both the one-line and the stanza form from there.
write_private_sources() {
  local dir=$1 codename file number=0
  # shellcheck source=/dev/null
  codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [ -f "$file" ] || continue
    number=$((number + 1))
    awk -v old="$codename" -v new="$header_suite" '
      $1 == "deb" && / main( |$)/ {
        for (i = 2; i <= NF; i++) if ($i == old) { $i = new; print; next }
      }' "$file" >"$dir/sources.list.d/$number.list"
  done
  for file in /etc/apt/sources.list.d/*.sources; do
    [ -f "$file" ] || continue
    number=$((number + 1))
    awk -v old="$codename" -v new="$header_suite" '
      BEGIN { RS = ""; ORS = "\n\n" }
      {
        lines = split($0, line, "\n"); ours = 0; out = ""
        for (i = 1; i <= lines; i++) {
          if (line[i] ~ /^#/) continue
          if (line[i] ~ /^Suites:/) {
            if ((" " line[i] " ") ~ (" " old " ")) ours = 1
            line[i] = "Suites: " new
          }
          out = out line[i] "\n"
        }
        if (ours) print out
      }' "$file" >"$dir/sources.list.d/$number.sources"
  done
}

# apt-get with its own sources, lists and cache: the system's apt is neither read nor changed.
private_apt_get() {
  local dir=$1
  shift
  apt-get -q -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$dir/sources.list.d" \
    -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null \
    -o Dir::State="$dir/state" -o Dir::State::status="$dir/status" -o Dir::Cache="$dir/cache" \
    -o APT::Sandbox::User=root -o Acquire::Languages=none "$@"
}

# One digest over names and contents, the same for every processor's package.
digest_of_headers() {
  (cd "$1" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum) |
    cut -d' ' -f1
}

fetch_headers() {
  local dir=$scratch/apt digest
  local failed="Debian 13's $header_package (the headers) could not be fetched: check the network, or $way_out"
  command -v apt-get >/dev/null 2>&1 || die "this is no Debian, so there is no $header_package: $way_out"
  say "downloading ONNX Runtime headers"
  mkdir -p "$dir/sources.list.d" "$dir/state/lists/partial" "$dir/cache/archives/partial"
  : >"$dir/status"
  write_private_sources "$dir"
  # A foreign source without that suite makes "update" fail though ours is fine; the download decides.
  private_apt_get "$dir" update >"$scratch/apt.log" 2>&1 || true
  (cd "$scratch" && private_apt_get "$dir" download "$header_package" >>"$scratch/apt.log" 2>&1) || {
    tail -n 5 "$scratch/apt.log" >&2
    die "$failed"
  }
  dpkg-deb -x "$scratch/$header_package"_*.deb "$scratch/headers"
  mv "$scratch/headers/usr/include/onnxruntime" "$scratch/tree/include"
  digest=$(digest_of_headers "$scratch/tree/include")
  [ "$digest" = "$header_sha256" ] ||
    die "$header_package has other headers than expected (sha256 $digest): $way_out"
}

download() {
  local target=$1
  mkdir -p third_party
  scratch=$(mktemp -d "$PWD/third_party/.fetch.XXXXXX")
  trap 'rm -rf "$scratch"' EXIT
  mkdir "$scratch/tree"
  fetch_library
  fetch_headers
  # The last step is one rename: whoever finds the folder finds it whole.
  rm -rf "$target"
  mv "$scratch/tree" "$target"
  say "ONNX Runtime $version is in $target"
}

main() {
  local target
  if [ -n "${ONNXRUNTIME_ROOT:-}" ]; then
    check_root
  elif ! pkg-config --exists libonnxruntime 2>/dev/null; then
    target=third_party/onnxruntime-$version-$(processor)
    [ -d "$target" ] || download "$target"
  fi
}

main
