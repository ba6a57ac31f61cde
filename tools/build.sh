#!/usr/bin/env bash
# Configures (only when needed) and builds one CMake preset.
#
# usage: tools/build.sh PRESET [configure]
#        "configure" stops before building.
# environment: JOBS        parallel compilations (default: all processors)
#              DELEN_WERROR=ON|OFF   overrides the preset
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=tools/say.sh
. tools/say.sh

readonly preset=${1:?usage: tools/build.sh PRESET [configure]}
readonly folder=build/$preset
readonly stamp=$folder/.configured-with

# What a build folder was configured with; when it changes, CMake must run again. Everything
# else that matters (CMakeLists.txt and what it includes) Ninja watches by itself.
settings() {
  echo "werror=${DELEN_WERROR:-} onnxruntime=${ONNXRUNTIME_ROOT:-} here=$PWD"
  cksum <CMakePresets.json
}

configure() {
  local arguments=()
  if [ -n "${DELEN_WERROR:-}" ]; then
    arguments+=("-DDELEN_WERROR=$DELEN_WERROR")
  fi
  cmake --preset "$preset" ${arguments[@]+"${arguments[@]}"} ||
    die "CMake could not configure $folder; the lines above say why"
  settings >"$stamp"
}

if [ ! -f "$folder/build.ninja" ] || [ "$(settings)" != "$(cat "$stamp" 2>/dev/null)" ]; then
  configure
fi
if [ "${2:-}" != configure ]; then
  cmake --build --preset "$preset" --parallel "${JOBS:-$(nproc)}" ||
    die "the build in $folder failed; the first error above is the one to read"
fi
