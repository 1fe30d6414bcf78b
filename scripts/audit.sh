#!/usr/bin/env bash
# Keeps the audit log: what a scheduler runs, and what an auditor asks.
# Usage: scripts/audit.sh prepare                       makes the leaves of this month and three more (daily)
#        scripts/audit.sh seal                          seals what was written so far, prints the new head (hourly)
#        scripts/audit.sh head                          prints the head of the chain, to be kept where the server is not
#        scripts/audit.sh verify [--head HEX]           names whatever is not as it was written; HEX is a head kept earlier
#        scripts/audit.sh remove-expired [--keep N]     removes months older than the N kept, 24 unless told otherwise (monthly)
# Everywhere: --json (one JSON object on stdout).
# Environment: HMA_DATABASE_URL; HMA_DATABASE_PASSWORD or HMA_DATABASE_PASSWORD_FILE. The login is a superuser or hma_migrator;
#   the work is done as hma_owner.
# JSON: prepare {made,monthsAhead} · seal {sealed,head} · head {head} · verify {count,findings} · remove-expired {removed} ·
#   a refusal {error}. Of many findings the first 100 are named; count has them all.
# Exit codes: 0 done, nothing found · 1 verify found something, or the command failed and nothing of it stays · 2 wrong use ·
#   3 no server.
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[[ "${1:-}" == --help ]] && print_help "${BASH_SOURCE[0]}" && exit 0
use_node
exec node "$HMA_ROOT/ops/audit/job.ts" "$@"
