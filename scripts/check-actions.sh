#!/usr/bin/env bash
# Asks GitHub whether each commit of .github/actions.lock is the version that is named beside it. Needs the network, so it is no part
# of the gate: .github/workflows/backup-verification.yml runs it once a week.
# Usage: scripts/check-actions.sh [--help]
# Exit codes: 0 each is its version · 1 one is not · 2 wrong use, or the list cannot be read · 3 GitHub does not answer.
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

only_help "$@"
cd "$HMA_ROOT"
actions=$(grep '^[^#]' .github/actions.lock 2>/dev/null) ||
  die 2 '.github/actions.lock cannot be read, or names no action.' 'git checkout .github/actions.lock'
failed=0
while read -r action _ version; do
  name=${action%@*} commit=${action#*@}
  tags=$(bounded 30 env GIT_TERMINAL_PROMPT=0 git ls-remote "https://github.com/$name" "refs/tags/$version" "refs/tags/$version^{}") ||
    die 3 "https://github.com/$name does not answer." 'try it where the network reaches GitHub.'
  # Where a tag is an object of its own, the last line has the commit.
  found=$(tail -n 1 <<<"$tags" | cut -f 1)
  if [[ "$found" == "$commit" ]]; then
    say "  $name $version"
  else
    say "$name: $version is ${found:-unknown}, and not $commit."
    failed=1
  fi
done <<<"$actions"
exit "$failed"
