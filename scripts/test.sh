#!/usr/bin/env bash
# Runs every test, also in a fresh checkout: provides what is missing, then check, unit tests and acceptance specs.
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

say '[1/3] provide'
scripts/provide.sh
use_node
say '[2/3] check'
scripts/check.sh || die 1 'the check found something, see above.' 'npm run check'
say '[3/3] unit tests and acceptance specs'
bounded 900 vitest run --reporter=default --reporter=./harness/proof/reporter.ts --reporter=json --outputFile.json=.vitest/results.json
