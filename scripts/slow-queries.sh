#!/usr/bin/env bash
# Prints which statements take the time of a Postgres database, from pg_stat_statements: calls, mean, estimated 95th percentile, share
# of the time of all statements, and the statement without its constants. Explains what is missing where it cannot.
# Usage: scripts/slow-queries.sh [--limit N] [--order total|mean|calls] [--json] [--watch SECONDS] [--timeout SECONDS]
#   --limit N           how many (10)
#   --order BY          total time (the default), mean time, or number of calls
#   --watch SECONDS     again and again, that long apart; a round without an answer is one line
#   --timeout SECONDS   how long a round may take (10)
#   --json              one JSON object a round, with whole statements
# Environment: HMA_DATABASE_URL; HMA_DATABASE_PASSWORD or HMA_DATABASE_PASSWORD_FILE. The login needs pg_monitor, as hma_monitor
#   has; a superuser is refused. Without them: the development stack of this folder, as hma_monitor.
# Exit codes: 0 printed · 1 refused by the server, or statements are not counted (the line says why) · 2 wrong use · 3 the server is
#   gone or full · 4 the login is a superuser · 124 it gives no answer, or is slow (the line says which).
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[[ "${1:-}" == --help ]] && print_help "${BASH_SOURCE[0]}" && exit 0
use_node
exec node "$HMA_ROOT/ops/stats/slow-queries.ts" "$@"
