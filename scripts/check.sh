#!/usr/bin/env bash
# Checks what needs no container: types, lint and format of TypeScript, unused code, every shell script, every SQL file, the workflows.
# Usage: scripts/check.sh [--help]        (npm run check)
# Exit codes: 0 clean · 1 a check found something · 2 wrong use · 3 a tool is missing and cannot be installed.
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

only_help "$@"
cd "$HMA_ROOT"
use_node

failed=0
timed 'types' 180 tsc || failed=1
timed 'lint and format' 60 biome check --error-on-warnings || failed=1
timed 'unused code' 60 knip --no-progress || failed=1
timed 'shell scripts' 180 scripts/check-shell.sh || failed=1
timed 'SQL' 240 scripts/check-sql.sh || failed=1
timed 'workflows' 600 scripts/check-workflows.sh || failed=1
exit "$failed"
