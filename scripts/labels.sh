#!/usr/bin/env bash
# Makes the labels of the repository on GitHub those of .github/labels.yaml: adds and corrects, and removes none.
# Usage: scripts/labels.sh [--dry-run] [--help]
#   --dry-run   prints the commands, and changes nothing
# Needs gh (the command line of GitHub), logged in, with the right to write issues.
# Exit codes: 0 done · 1 gh failed · 2 wrong use, or the file is malformed · 3 gh is missing · 124 out of time.
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

print() { printf '%q ' "$@" && echo; }
run=(bounded 30)
case "${1:-}" in
  '') command -v gh >/dev/null || die 3 'gh is missing.' 'install the command line of GitHub, or scripts/labels.sh --dry-run' ;;
  --dry-run) run=(print) ;;
  --help) print_help "${BASH_SOURCE[0]}" && exit 0 ;;
  *) die 2 "unknown option '$1'." 'scripts/labels.sh --help' ;;
esac
cd "$HMA_ROOT"
use_node
labels=$(node -e '
  const labels = require("yaml").parse(require("fs").readFileSync(".github/labels.yaml", "utf8"))
  for (const { name, color, description } of labels) console.log([name, color, description].join("\t"))' 2>/dev/null) ||
  die 2 '.github/labels.yaml cannot be read, or is malformed.' 'correct it: name, color and description of each label.'
while IFS=$'\t' read -r name color description; do
  "${run[@]}" gh label create "$name" --color "$color" --description "$description" --force </dev/null
done <<<"$labels"
