#!/usr/bin/env bash
# Every check that reads sources and runs none of them. All run, then the first failure counts.
#
# usage: tools/lint.sh            check everything
#        tools/lint.sh format     put the C++ sources in the project's format
#        tools/lint.sh STEP...    only these: formatting tidy scripts layers
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=tools/say.sh
. tools/say.sh

# The C++ sources of this project, zero-terminated; nothing generated, nothing downloaded.
sources() {
  find src tests bench fuzz cmake examples tools -type f \
    \( -name '*.h' -o -name '*.cc' -o -name '*.cpp' -o -name '*.cu' \) -print0 2>/dev/null || true
}

format() {
  sources | xargs -0 -r -P "${JOBS:-$(nproc)}" -n 32 clang-format-14 -i
}

check_formatting() {
  sources | xargs -0 -r -P "${JOBS:-$(nproc)}" -n 32 clang-format-14 --dry-run -Werror ||
    { say "run 'make format'" && return 1; }
}

# clang-tidy needs to know how each source is compiled, not the compiled result.
check_tidy() {
  quietly build/clang.log tools/build.sh clang configure || return 1
  python3 tools/tidy.py build/clang
}

check_scripts() {
  local scripts
  mapfile -t scripts < <(find tools examples .ci -type f \( -name '*.sh' -o -path '.ci/run' \) 2>/dev/null)
  shellcheck -x "${scripts[@]}"
}

check_layers() {
  python3 tools/check_layers.py src
}

main() {
  local failed=0 step
  mkdir -p build
  if [ "${1:-}" = format ]; then
    format
    return
  fi
  [ $# -gt 0 ] || set -- layers scripts formatting tidy
  for step in "$@"; do
    say "lint: $step"
    case $step in
      formatting) check_formatting || failed=1 ;;
      tidy) check_tidy || failed=1 ;;
      scripts) check_scripts || failed=1 ;;
      layers) check_layers || failed=1 ;;
      *) die "no such step: $step; there are: layers scripts formatting tidy" ;;
    esac
  done
  [ "$failed" = 0 ] || die "lint failed; the lines above say where"
}

main "$@"
