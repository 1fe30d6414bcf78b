#!/usr/bin/env bash
# Maintains and verifies the audit log: commands for a scheduler and for an auditor.
# Usage: scripts/audit.sh prepare                       creates the leaves of this month and of the next three (daily)
#        scripts/audit.sh seal                          seals all rows so far, prints the new head (hourly)
#        scripts/audit.sh head                          prints the head of the chain; store it outside of the server
#        scripts/audit.sh verify [--head HEX]           names all that was altered; HEX is a head that was stored earlier
#        scripts/audit.sh remove-expired [--keep N]     removes months older than the last N, 24 by default (monthly)
# Everywhere: --json (one JSON object on stdout).
# Works on the database of HMA_DATABASE_URL, and without it on that of the running dev stack of this folder.
# Environment: HMA_DATABASE_URL; HMA_DATABASE_PASSWORD or HMA_DATABASE_PASSWORD_FILE. The login is hma_migrator; the
#   commands run as hma_owner, and a superuser is refused.
# JSON: prepare {made,monthsAhead} · seal {sealed,head} · head {head} · verify {count,findings} · remove-expired {removed} ·
#   an error {error}. Of many findings the first 100 are named; count has them all.
# Exit codes: 0 done, nothing found · 1 verify found something, or the command failed and no change of it remains · 2 wrong use ·
#   3 no server · 4 the login is a superuser.
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[[ "${1:-}" == --help ]] && print_help "${BASH_SOURCE[0]}" && exit 0
use_node
exec node "$HMA_ROOT/ops/audit/job.ts" "$@"
