#!/usr/bin/env bash
# Checks every SQL file: squawk (is it safe on a database in use), sqlfluff (does it read like the rest), Postgres's own
# grammar, pgspot (can a function be turned against its owner), and rules of this house (migrations/lint/house.ts).
# Usage: scripts/check-sql.sh [--json] [FILE...]    without a file: all of migrations/, seeds/, backup/ and docker/
# Whole rules that do not apply stand in .squawk.toml and .sqlfluff, single exceptions in migrations/lint/exceptions.yaml,
# each with its reason. Bodies of functions are checked in a server, by specs/d1-sql.spec.ts.
# JSON: {files, findings: [{tool, rule, file, line, message}]}
# Exit codes: 0 clean · 1 something was found · 2 wrong use · 3 a tool is missing or gave no answer · 124 out of time.
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[[ "${1:-}" == --help ]] && print_help "${BASH_SOURCE[0]}" && exit 0
cd "$HMA_ROOT"
use_node
scripts/python-tools.sh >&2
bounded 180 node migrations/lint/main.ts "$@"
