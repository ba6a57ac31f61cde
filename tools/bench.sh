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

# One line each: a name, then the command, looked up under the build folder. {json} stands for the
# file to write, {resnet50} for the option that names a ResNet-50, where one could be made.
readonly programs='
  main_job  bench/delen_main_job_bench --delen build/release/delen --zoo zoo --work build/bench/models --out {json} {resnet50}
  tenants   bench/delen_tenants_bench --delen build/release/delen --zoo zoo --scenarios examples/scenarios --work build/bench/tenants_models --out {json} {resnet50}
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

# Random weights do for timing; making the file needs PyTorch (zoo/apt-packages.txt).
resnet50_option() {
  local file=$results/resnet50.onnx
  if [ ! -f "$file" ]; then
    if ! { tools/install_packages.sh bench && /usr/bin/python3 zoo/resnet50.py --out "$file"; } >&2; then
      say "no ResNet-50 could be made; its figures will be missing"
      return 0
    fi
  fi
  echo "--resnet50 $file"
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
  local name command resnet50 ran=0
  mkdir -p "$results"
  resnet50=$(resnet50_option)
  describe_machine >"$results/machine.json"
  while read -r name command; do
    if [ -z "$name" ] || ! wanted "$name" "$@"; then
      continue
    fi
    say "measuring $name"
    command=${command//\{json\}/$results/$name.json}
    # shellcheck disable=SC2086  # the command is a list of words
    "$build"/${command//\{resnet50\}/$resnet50} ||
      die "the benchmark $name failed; run it alone with: tools/bench.sh $name"
    ran=$((ran + 1))
  done <<<"$programs"
  [ "$ran" -gt 0 ] || die "no benchmark of that name; they are listed in tools/bench.sh"
  say "$ran benchmarks measured; results are in $results/"
}

main "$@"
