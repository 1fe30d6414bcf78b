#!/usr/bin/env bash
# Checks SQL files with squawk (safe on a database in use), sqlfluff (style), Postgres's own grammar, pgspot (functions that can
# be used against their owner) and the project's own rules (migrations/lint/project-rules.ts).
# Usage: scripts/check-sql.sh [--json] [FILE...]    without a file: all of migrations/, seeds/, ops/ and docker/
# Rules that never apply are listed in .squawk.toml and .sqlfluff, places that are exceptions in migrations/lint/exceptions.yaml,
# each with its reason. specs/d1-sql.spec.ts checks the bodies of functions inside a server.
# JSON: {files, findings: [{tool, rule, file, line, message}]}
# Exit codes: 0 clean · 1 violations · 2 wrong use, or a file cannot be read · 3 a tool is missing or its output cannot be read · 124 out of time.
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[[ "${1:-}" == --help ]] && print_help "${BASH_SOURCE[0]}" && exit 0
# Before the tools are installed.
for word in "$@"; do
  [[ "$word" != -* || "$word" == --json ]] || die 2 "unknown option '$word'." 'scripts/check-sql.sh --help'
done
cd "$HMA_ROOT"
use_node
scripts/python-tools.sh >&2
bounded 180 node migrations/lint/main.ts "$@"
