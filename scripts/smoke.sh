#!/usr/bin/env bash
# Smoke-tests every service of the running stack over its own protocol, with the rights of the application and a time limit
# for each: Postgres as hma_app, Redis with its password, S3 with the bucket's key, the ML stub's /health and /models, and the
# services of profile tools that run. Leaves one object in the bucket, smoke/probe, which the first run writes.
# Usage: scripts/smoke.sh [--variant dev|test] [--only SERVICE]... [--within SECONDS] [--json]
#   --within   the time limit for each service, 5 by default; a later answer does not count
#   --only     tests this service alone; scripts/env.sh where lists the names
#   --json     {state, services: [{service, state, milliseconds, what, next?}]}; state is ok or failed
# Exit codes: 0 all passed · 1 a service is down, wrong or slow · 2 wrong use, or a variable is missing · 3 no engine ·
#   4 the stack is another checkout's.
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[[ "${1:-}" == --help ]] && print_help "${BASH_SOURCE[0]}" && exit 0
use_node
exec node "$HMA_ROOT/stack/smoke/main.ts" "$@"
