#!/usr/bin/env bash
# Proves the newest stored backup: downloads it, restores it into a server of its own in a container of the service backup, compares
# rows, catalog and sequences with the backup, verifies the audit log, works as the application, and measures RPO and RTO. The
# report is kept beside the backup as restore-test.json, also where it could not be restored. The stack's own database is not touched.
# Usage: scripts/restore-test.sh [--jobs N] [--within MINUTES] [--variant dev|test|prod] [--json]
#   --jobs     how many tables at once, 2 by default
#   --within   the limit of the whole test, 720 by default
#   --json     the report: {backup, testedAt, isProven, rpoSeconds, rtoSeconds, rows, tables, bytes, findings, pending, objects}, or
#              {error}; objects is null where the backup lists none
# Progress, with the duration of each step, is on standard error.
# Exit codes: 0 restored and equal · 1 damaged, not restored, or not equal · 2 wrong use, or a variable is missing or wrong ·
#   3 store not reached, or no lock to be had · 4 refused · 5 another restore test is running · 124 out of time.
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[[ "${1:-}" == --help ]] && print_help "${BASH_SOURCE[0]}" && exit 0
use_node
exec node "$HMA_ROOT/stack/backup/main.ts" restore-test "$@"
