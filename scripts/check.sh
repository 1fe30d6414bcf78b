#!/usr/bin/env bash
# Checks what needs no container: types, lint and format of TypeScript, and every shell script.
# Usage: scripts/check.sh [--help]        (npm run check)
# Exit codes: 0 clean · 1 a check found something · 2 wrong use · 3 a tool is missing and cannot be installed.
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

case "${1:-}" in
  '') ;;
  --help) print_help "${BASH_SOURCE[0]}" && exit 0 ;;
  *) die 2 "unknown option '$1'." 'scripts/check.sh --help' ;;
esac
cd "$HMA_ROOT"
use_node

ensure_shell_tools() {
  command -v shellcheck >/dev/null && command -v shfmt >/dev/null && return 0
  if command -v apt-get >/dev/null && ((EUID == 0)); then
    timed 'shellcheck and shfmt (apt)' 180 env DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes shellcheck shfmt >/dev/null && return 0
  fi
  die 3 'shellcheck or shfmt is missing.' 'apt-get install shellcheck shfmt (macOS: brew install shellcheck shfmt).'
}

ensure_shell_tools
mapfile -t shell_files < <(git ls-files --cached --others --exclude-standard | while read -r file; do
  [[ -f "$file" ]] && { [[ "$file" == *.sh ]] || head -n 1 "$file" | grep -qE '^#!.*\bbash'; } && echo "$file"
done)

failed=0
timed 'types' 180 tsc || failed=1
timed 'lint and format' 60 biome check --error-on-warnings || failed=1
timed 'shellcheck' 60 shellcheck --external-sources "${shell_files[@]}" || failed=1
timed 'shfmt' 60 shfmt -d -i 2 -ci "${shell_files[@]}" || failed=1
exit "$failed"
