#!/usr/bin/env bash
# Restores a stored backup of the stack into its server, as the superuser, in a container of the service backup. The database is
# filled beside the others, compared with the backup, and only then gets its name; a restore that fails leaves the server as it was.
# What the owner of the tables can replace is read as hma_backup and hma_migrator, and never as the superuser.
# Usage: scripts/restore.sh --database NAME [--backup ID] [--confirm NAME] [--jobs N] [--variant dev|test|prod] [--json]
#   --database   the name that the restored database gets. One that exists is refused, with what it contains, unless
#   --confirm    names it too: then it is replaced. It is kept as NAME_before_ID, closed, until somebody drops it
#   --backup     which backup: scripts/backup.sh --list; without it the newest
#   --jobs       how many tables at once, 2 by default
#   --json       {backup, database, keptAs, rpoSeconds, seconds, pending, objects, peakMemoryMiB}, or {error}; rpoSeconds is how old the
#                backup was, pending the migrations that are newer, objects where bucket and rows did not agree at the backup, or
#                null where the backup lists none
# Progress, with the duration of each step, is on standard error.
#        scripts/restore.sh --to-time MOMENT [--confirm NAME] [--variant dev|test|prod] [--json]
#   --to-time    from the archive (docs/archive.md) instead: the whole server of the stack as it was at that moment, which has its time
#                zone: "2026-11-26 12:00:00+00", or latest. It is recovered beside the running one, and takes its place only when it has
#                started; the former data are kept in the volume. --confirm hma is needed where there are any
#   --json       {database, toTime, backup, lastTransaction, keptAs, isBackedUp, seconds}, or {error}
# Exit codes: 0 restored and equal to the backup · 1 failed, or not equal · 2 wrong use, or a variable is missing or wrong ·
#   3 server or store not reached, or no lock to be had · 4 refused: not confirmed, an extension or role is missing, or a moment that
#   the archive does not have · 5 another restore is running.
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[[ "${1:-}" == --help ]] && print_help "${BASH_SOURCE[0]}" && exit 0
use_node
for word in "$@"; do
  [[ "$word" != --to-time* ]] || exec node "$HMA_ROOT/stack/archive/main.ts" "$@"
done
exec node "$HMA_ROOT/stack/backup/main.ts" restore "$@"
