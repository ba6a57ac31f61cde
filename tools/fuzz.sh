#!/usr/bin/env bash
# Lets libFuzzer search in every fuzz target of build/fuzz, FUZZ_SECONDS each (default 20).
#
# What it finds stays under build/fuzz/found/: new inputs per target (used again by the next
# run) and, when a target fails, the input that did it.
#
# usage: tools/fuzz.sh [TARGET]...      (default: all)
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=tools/say.sh
. tools/say.sh

readonly targets=build/fuzz/fuzz_targets

# One search. The seeds are read only: libFuzzer writes what it finds into the first folder.
fuzz_one() {
  local name=$1 program seeds found=build/fuzz/found/$1
  [ -f "$targets/$name" ] || die "there is no fuzz target $name; known: $(ls "$targets")"
  { read -r program && read -r seeds; } <"$targets/$name"
  mkdir -p "$found"
  local folders=("$found")
  if [ -d "$seeds" ]; then
    folders+=("$seeds")
  fi
  say "fuzzing $name for ${FUZZ_SECONDS:-20} s"
  quietly "$found.log" "$program" -max_total_time="${FUZZ_SECONDS:-20}" -timeout=10 \
    -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix="$found." "${folders[@]}" ||
    die "$name failed; the whole report is $found.log, the input is $found.crash-... (or .oom-, .timeout-)." \
      "Repeat with: $program FILE"
  awk '/stat::number_of_executed_units/ { print "delen:   " $2 " inputs, no failure" }' "$found.log"
}

main() {
  local name
  [ -d "$targets" ] || die "no fuzz targets are built: run 'make fuzz'"
  if [ $# -eq 0 ]; then
    mapfile -t names < <(ls "$targets")
    set -- "${names[@]}"
  fi
  for name in "$@"; do
    fuzz_one "$name"
  done
}

main "$@"
