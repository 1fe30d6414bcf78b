#!/usr/bin/env bash
# Runs every test, also in a fresh checkout: provides what is missing, then check, unit tests and acceptance specs. The gate
# (scripts/gate.sh) does more: it sets up a stack, injects faults and signs off.
# Usage: npm test [-- --help]
# Exit codes: 0 all passed · 1 something failed · 2 wrong use · 3 this machine lacks something · 124 out of time.
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

case "${1:-}" in
  '') ;;
  --help) print_help "${BASH_SOURCE[0]}" && exit 0 ;;
  *) die 2 "unknown option '$1'." 'npx vitest run takes files and filters; npm test takes none.' ;;
esac
cd "$HMA_ROOT"

say '[1/4] provide'
scripts/provide.sh
use_node
say '[2/4] check'
scripts/check.sh || die 1 'the check found something, see above.' 'npm run check'
say '[3/4] unit tests'
bounded 300 vitest run --project unit || die 1 'a unit test failed, see above.' 'npm run unit'
say '[4/4] acceptance specs'
scripts/accept.sh specs
