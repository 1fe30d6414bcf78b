#!/usr/bin/env bash
# Removes the backups that retention does not keep, in a container of the service backup. It keeps the newest verified backup of each
# of the last days, weeks and months that have one, and the three newest verified ones in any case. It removes nothing when the
# newest backup is not verified, failed its restore test, is smaller than half of those before it, or is of a later time than now. Before
# it removes anything, it reads the newest one from the store to its end.
# Usage: scripts/backup-prune.sh [--variant dev|test|prod] [--keep DAILY,WEEKLY,MONTHLY] [--accept-size] [--dry-run] [--json]
#   --keep          7,4,6 by default (the service uses HMA_BACKUP_KEEP)
#   --accept-size   also when the newest is suspiciously small
#   --dry-run       says what would be removed, and removes nothing
#   --json          {dryRun, kept: [{id, because}], removed: [id]}, or {error}
# Each removal is a line on standard error. A removed backup can be brought back for 30 days: the bucket is versioned.
# Exit codes: 0 done · 1 failed · 2 wrong use, or a variable is missing or wrong · 3 store not reached, or no lock to be had ·
#   4 refused: the newest backup is no reason to remove an older one · 5 a backup is running.
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[[ "${1:-}" == --help ]] && print_help "${BASH_SOURCE[0]}" && exit 0
use_node
exec node "$HMA_ROOT/stack/backup/main.ts" backup-prune "$@"
