#!/usr/bin/env bash
# Runs the benchmark programs listed below and leaves one JSON file each under build/bench/.
#
# usage: tools/bench.sh [NAME]...      (default: all)
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=tools/say.sh
. tools/say.sh

readonly build=build/release
readonly results=build/bench

# One line each: a name, then the command. {json} stands for the file to write.
#   policy  bench/policy_bench --benchmark_out={json} --benchmark_out_format=json
# A command is looked up under the build folder.
readonly programs='
'

# What the figures were measured on; figures without it cannot be compared.
describe_machine() {
  python3 - <<'PYTHON'
import json, os, platform, re

def first(path, pattern):
    try:
        found = re.search(pattern, open(path, encoding="utf-8").read(), re.M)
    except OSError:
        return None
    return found.group(1).strip() if found else None

print(json.dumps({
    "processor": first("/proc/cpuinfo", r"^model name\s*:\s*(.*)$") or platform.machine(),
    "architecture": platform.machine(),
    "cores": os.cpu_count(),
    "memory_kilobytes": int(first("/proc/meminfo", r"^MemTotal:\s*(\d+)") or 0),
    "governor": first("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", r"^(\S+)"),
    "kernel": platform.release(),
    "load_average": os.getloadavg(),
}, indent=2))
PYTHON
}

# True for every name when none was asked for.
wanted() {
  local name=$1 asked
  shift
  [ $# -gt 0 ] || return 0
  for asked in "$@"; do
    [ "$asked" != "$name" ] || return 0
  done
  return 1
}

main() {
  local name command ran=0
  mkdir -p "$results"
  describe_machine >"$results/machine.json"
  while read -r name command; do
    if [ -z "$name" ] || ! wanted "$name" "$@"; then
      continue
    fi
    say "measuring $name"
    # shellcheck disable=SC2086  # the command is a list of words
    "$build"/${command//\{json\}/$results/$name.json} ||
      die "the benchmark $name failed; run it alone with: tools/bench.sh $name"
    ran=$((ran + 1))
  done <<<"$programs"
  [ "$ran" -gt 0 ] || die "no benchmark of that name; they are listed in tools/bench.sh"
  say "$ran benchmarks measured; results are in $results/"
}

main "$@"
