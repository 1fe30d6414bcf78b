# shellcheck shell=bash
# Functions that all scripts share: to stop with an error, to limit a wait, to find Node. Sourced, never run.
# Exit codes of every script here: 0 done · 1 failed · 2 wrong use (option, variable, file) · 3 the machine lacks
# something · 124 a step ran out of its time. A script that adds its own says so in its --help.

# A script depends on nothing that the caller's shell was told: BASH_ENV may have set options, aliases and IFS, cd follows CDPATH,
# npm leaves development packages out where NODE_ENV says production, node loads what NODE_OPTIONS names, compose starts the
# profiles of COMPOSE_PROFILES, and git works on the repository of the hook that exported GIT_DIR. Images are those of
# docker/images.lock, and not of a variable that compose would prefer to it.
set +o noclobber +o noglob +o posix +o allexport +o keyword +o physical
unalias -a
IFS=$' \t\n'
# An exported function would run in the place of a command, and an exported BASHOPTS turns options on.
for name in $(compgen -A function); do unset -f "$name"; done
for name in ${BASHOPTS//:/ }; do
  case "$name" in
    # What is on in every shell that runs a script, and what no shell lets go of.
    checkwinsize | cmdhist | complete_fullquote | extquote | force_fignore | globasciiranges | globskipdots) ;;
    hostcomplete | interactive_comments | patsub_replacement | progcomp | promptvars | sourcepath) ;;
    login_shell | restricted_shell) ;;
    *) shopt -u "$name" ;;
  esac
done
export -n BASHOPTS SHELLOPTS
unset CDPATH BASH_ENV ENV POSIXLY_CORRECT BASH_COMPAT GREP_OPTIONS "${!HMA_IMAGE_@}" "${!GIT_@}" "${!COMPOSE_@}"
# How this machine reaches the network stays; NODE_OPTIONS, NODE_ENV, NODE_DEBUG and the like go.
for name in "${!NODE_@}"; do
  [[ "$name" =~ ^NODE_(EXTRA_CA_CERTS|USE_SYSTEM_CA|USE_ENV_PROXY)$ ]] || unset "$name"
done
unset name
# libpq's settings are for a server that somebody names; that of this folder's stack is found without them.
[[ -n "${HMA_DATABASE_URL+set}" ]] || unset "${!PG@}"

set -Eeuo pipefail
shopt -s inherit_errexit

HMA_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
HMA_SCRIPT=$(basename "$0")
export HMA_ROOT

# die CODE WHAT NEXT: prints one line with what is wrong and the next step, and exits.
die() {
  printf '%s: %s Next: %s\n' "$HMA_SCRIPT" "$2" "$3" >&2
  exit "$1"
}

say() { printf '%s\n' "$*"; }

# bounded SECONDS COMMAND...: SIGTERM at the limit, SIGKILL ten seconds later; exit code 124 at the limit.
bounded() {
  local seconds=$1
  shift
  local runner=timeout
  command -v timeout >/dev/null || runner=gtimeout
  command -v "$runner" >/dev/null || die 3 'the command timeout is missing.' 'install GNU coreutils (macOS: brew install coreutils).'
  "$runner" -k 10 "$seconds" "$@"
}

# timed NAME SECONDS COMMAND...: a bounded step that prints its duration, and its name when it fails.
timed() {
  local name=$1 seconds=$2 started=$SECONDS code=0
  shift 2
  bounded "$seconds" "$@" || code=$?
  if ((code == 0)); then
    say "  $name: $((SECONDS - started)) s"
  elif ((code == 124 || code == 137)); then
    die 124 "$name did not end within $seconds s." "run it separately: $*"
  else
    printf '%s: %s ended with exit code %s after %s s.\n' "$HMA_SCRIPT" "$name" "$code" "$((SECONDS - started))" >&2
  fi
  return "$code"
}

# take_lock FILE: holds a lock on FILE until this process and its children end; returns 1 at once when another process holds it.
# Uses perl, because macOS has no flock command; the lock belongs to the open file, which stays open after perl has ended.
take_lock() {
  local code=0
  command -v perl >/dev/null || die 3 'perl is missing; the lock needs it.' 'install it (Debian, Ubuntu: apt-get install perl).'
  if ! mkdir -p "$(dirname "$1")" 2>/dev/null || ! { exec 9>>"$1"; } 2>/dev/null; then
    die 3 "$1 cannot be written." 'make it a file in a folder of yours.'
  fi
  perl -MFcntl=:flock -e 'open(my $file, ">&=", 9) or exit 2; flock($file, LOCK_EX | LOCK_NB) or exit($!{EWOULDBLOCK} ? 1 : 2)' || code=$?
  ((code < 2)) || die 3 "$1 cannot be locked." 'move the project to a disk of this machine.'
  return "$code"
}

# use_node: puts a Node that strips types (24 or newer) first on PATH: the project's own, or the user's. It keeps what it compiles.
use_node() {
  [[ "$HMA_ROOT" != *:* ]] || die 3 "the path $HMA_ROOT has a colon, which PATH cannot hold." 'move the project.'
  PATH="$HMA_ROOT/node_modules/.bin:$PATH"
  export PATH
  [[ -d "$HMA_ROOT/node_modules/pg" ]] || die 3 'the dependencies are not installed.' 'npm ci'
  local version major
  version=$(node --version 2>/dev/null) || die 3 'node is missing.' 'install Node 24 or newer.'
  major=${version#v} major=${major%%.*}
  ((major >= 24)) || die 3 "node is version $major, and 24 or newer is needed." 'npm ci --include=optional, or install Node 24.'
  # Stripping types and compiling take half the time of a short command; what Node compiled is kept beside the packages.
  export NODE_COMPILE_CACHE="$HMA_ROOT/node_modules/.cache/compiled" NODE_COMPILE_CACHE_PORTABLE=1
}

# as_root WHY COMMAND...: runs it as root; asks before sudo, unless HMA_YES=1, and fails without a terminal to ask at.
as_root() {
  local why=$1 answer='' user
  shift
  if ((EUID == 0)); then
    "$@"
    return
  fi
  command -v sudo >/dev/null || die 3 "$why needs root, and there is no sudo." "as root: $*"
  if [[ -z "${HMA_YES:-}" ]]; then
    [[ -t 0 && -t 2 ]] || die 3 "$why needs root, and there is no terminal to ask at." "sudo $*"
    read -r -t 120 -p "$why needs root. Run: sudo $*  [y/N] " answer || true
    [[ "$answer" == [yY]* ]] || die 3 "$why was declined." "sudo $*"
  fi
  user=$(id -un || true)
  sudo -v || die 3 "$why needs root, and sudo does not let $user in." "as root: $*"
  sudo "$@"
}

# only_help ARGUMENTS...: for a script whose only option is --help.
only_help() {
  case "${1:-}" in
    '') ;;
    --help) print_help "$0" && exit 0 ;;
    *) die 2 "unknown option '$1'." "scripts/$HMA_SCRIPT --help" ;;
  esac
}

# print_help FILE: prints the comment block at the top of a script.
print_help() { sed -n '2,/^[^#]/{/^# shellcheck/d;/^#/s/^# \{0,1\}//p;}' "$1"; }
