#!/usr/bin/env bash
# Prints what Redis (or Valkey) is doing now: memory, hit rate, evictions, clients, slow calls, latency by command, and the
# keys of one logical database by prefix: the one that the URL names, or 0.
# Usage: scripts/cache-stats.sh [--keys N] [--json] [--watch SECONDS] [--timeout SECONDS]
#   --keys N            how many keys are counted by prefix, at most (100000); fewer where there is no time for more
#   --watch SECONDS     again and again, that long apart; a round without an answer is one line
#   --timeout SECONDS   how long a round may take (10)
#   --json              one JSON object a round
# Environment: HMA_REDIS_URL; HMA_REDIS_PASSWORD or HMA_REDIS_PASSWORD_FILE. The user monitor may do what is needed, and no more.
#   Without them: the development stack of this folder, as monitor.
# Exit codes: 0 printed · 1 the login is refused · 2 wrong use · 3 the server is gone · 124 it gives no answer, or is slow (the
#   line says which).
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[[ "${1:-}" == --help ]] && print_help "${BASH_SOURCE[0]}" && exit 0
use_node
exec node "$HMA_ROOT/ops/stats/cache-stats.ts" "$@"
