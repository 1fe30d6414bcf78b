#!/usr/bin/env bash
# Checks every shell script with shellcheck and shfmt.
# Usage: scripts/check-shell.sh [--help]
# Prints `file:line:column: level: message [SC….]` for shellcheck, and the name of each file that shfmt would format differently.
# Exit codes: 0 clean · 1 something was found · 2 wrong use · 3 a tool is missing and cannot be installed, or
#   git does not list the files · 124 out of time.
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

only_help "$@"
cd "$HMA_ROOT"

ensure_shell_tools() {
  command -v shellcheck >/dev/null && command -v shfmt >/dev/null && return 0
  if command -v apt-get >/dev/null && ((EUID == 0)); then
    scripts/packages.sh shellcheck shfmt && return 0
  fi
  die 3 'shellcheck or shfmt is missing.' 'apt-get install shellcheck shfmt (macOS: brew install shellcheck shfmt).'
}

# Files that a shell runs, by their first line or by the end of their name: scripts, hooks, entry points of images. Of those that git
# has or would take: what it ignores, as packages and other checkouts, is somebody else's.
list_shell_files() {
  git ls-files --cached --others --exclude-standard -z |
    while IFS= read -r -d '' file; do [[ ! -f $file || -L $file ]] || printf './%s\0' "$file"; done |
    xargs -0 -r awk 'FNR == 1 {
      if (FILENAME ~ /\.(sh|bash)$/ || /^#!.*[\/ ](ba|da|k)?sh( |$)/ || /^# shellcheck shell=/) print FILENAME
      nextfile
    }' | sort -u
}

ensure_shell_tools
found=$(list_shell_files) || die 3 'git does not list the files of this folder.' 'run it in a clone of the project.'
mapfile -t files <<<"$found"
[[ -n "$found" ]] || die 2 'there is no shell script.' 'run it in the project.'
failed=0
bounded 60 shellcheck --external-sources --format=gcc "${files[@]}" || failed=1
unformatted=$(bounded 60 shfmt -l -i 2 -ci "${files[@]}") || failed=1
[[ -z "$unformatted" ]] || { say "$unformatted" && failed=1; }
exit "$failed"
