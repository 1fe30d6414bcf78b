#!/usr/bin/env bash
# Prints what a Postgres database is doing now: connections, transactions, locks by mode, who blocks whom, the longest transaction,
# sizes, dead rows, months of the audit log that are prepared and rows that are not sealed, replicas and archive.
# Usage: scripts/db-stats.sh [--json] [--watch SECONDS] [--timeout SECONDS]
#   --watch SECONDS     again and again, that long apart; a round without an answer is one line
#   --timeout SECONDS   how long a round may take (10)
#   --json              one JSON object a round: all figures, all tables
# Environment: HMA_DATABASE_URL; HMA_DATABASE_PASSWORD or HMA_DATABASE_PASSWORD_FILE. The login needs pg_monitor, as hma_monitor
#   has; a superuser is refused. Without them: the development stack of this folder, as hma_monitor.
# Exit codes: 0 printed · 1 refused by the server · 2 wrong use · 3 the server is gone or full · 4 the login is a superuser ·
#   124 it gives no answer, or is slow (the line says which).
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[[ "${1:-}" == --help ]] && print_help "${BASH_SOURCE[0]}" && exit 0
use_node
exec node "$HMA_ROOT/ops/stats/db-stats.ts" "$@"
