#!/usr/bin/env bash
# Backs up the database of the stack to its object store, in a container of the service backup. Counts only when it was decoded,
# uploaded and read back; until then the store has no manifest of it.
# Usage: scripts/backup.sh [--variant dev|test|prod] [--lock-wait SECONDS] [--within MINUTES] [--json]
#        scripts/backup.sh --list [--json]     the backups in the store, newest first
#   --lock-wait   how long it waits for a locked table, 30 by default
#   --within      the limit of dump and decoding, 240 by default
#   --json        {id, takenAt, bytes, sha256, tables, seconds, peakMemoryMiB}, or {error}; --list: {backups}
# Progress, with the duration of each step, is on standard error.
# Exit codes: 0 stored and verified · 1 failed, nothing of it is published · 2 wrong use, or a variable is missing or wrong ·
#   3 database or store not reached, or no lock to be had · 4 refused: wrong source, wrong login, old client, full disk ·
#   5 another backup is running · 124 out of time.
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[[ "${1:-}" == --help ]] && print_help "${BASH_SOURCE[0]}" && exit 0
use_node
exec node "$HMA_ROOT/stack/backup/main.ts" backup "$@"
