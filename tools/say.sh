# shellcheck shell=bash
# The few lines every script here shares: how to speak and how to stop. Sourced, not run.

# One progress line. On stderr, so that a script's stdout stays its answer.
say() { printf 'delen: %s\n' "$*" >&2; }

# One line that says what went wrong and what to do next; then the script ends.
die() {
  printf 'delen: error: %s\n' "$*" >&2
  exit 1
}

# Runs a command quietly; when it fails, shows the end of what it printed.
# usage: quietly LOGFILE COMMAND [ARGUMENT...]
quietly() {
  local log=$1
  shift
  if ! "$@" >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    return 1
  fi
}

# "sudo" where it is needed and there, nothing for root, and a failure where neither holds.
root_prefix() {
  if [ "$(id -u)" = 0 ]; then
    return 0
  elif command -v sudo >/dev/null 2>&1; then
    echo sudo
  else
    return 1
  fi
}

# Runs apt-get as root without questions, waiting when another apt holds the lock.
apt_get() {
  local prefix
  prefix=$(root_prefix) || return 1
  # shellcheck disable=SC2086  # an empty prefix must vanish
  $prefix env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=600 "$@"
}
