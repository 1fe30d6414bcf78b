#!/usr/bin/env bash
# Takes the database schema to a version: the files of migrations/, each in one transaction with its ledger row.
# Usage: scripts/migrate.sh apply [--to NAME] [--with GROUP] [--dry-run] [--lock-wait SECONDS] [--allow-out-of-order]
#                                 [--accept-drift]     up to the newest version, or to NAME (0: only prelude and ledger)
#        scripts/migrate.sh status [--with GROUP]      lists what is applied, pending, edited, missing, out of order or drifted
#        scripts/migrate.sh down [--to NAME | --without GROUP] [--dry-run] [--lock-wait SECONDS]
#                                 undoes the newest migration, those applied after NAME (0: all), or only an opt-in group
#        scripts/migrate.sh verify [--lock-wait SECONDS]   compares the live catalog with a replay in a scratch database
#        scripts/migrate.sh new NAME                   writes the next numbered pair of files
# NAME is a migration's name or its four digits. GROUP is the group of `-- opt-in: GROUP` in the header of a file, for example rls.
# Every command: --json (progress as JSON lines on stderr, the result as one JSON object on stdout), --migrations FOLDER.
# Works on the database of HMA_DATABASE_URL, and without it on that of the running dev stack of this folder.
# Environment: HMA_DATABASE_URL, which logs in as hma_migrator (a superuser is refused); HMA_DATABASE_PASSWORD; HMA_SUPERUSER_PASSWORD,
#   with which apply and verify run roles.sql, access.sql and database.sql as postgres, and nothing else; HMA_MIGRATOR_PASSWORD, HMA_APP_PASSWORD,
#   HMA_ANALYTICS_PASSWORD, HMA_ML_PASSWORD, HMA_MONITOR_PASSWORD, HMA_BACKUP_PASSWORD, which it then sets (each also as …_FILE);
#   HMA_RLS=on is --with rls; HMA_ENVIRONMENT (development, test or production) is the kind of the database, which
#   migrations/after-apply.sql stores after an apply to the newest version.
# JSON: apply {applied} · down {undone} · status {applied,pending,edited,missing,outOfOrder,interrupted,optIn,prelude,drift} ·
#   verify {differences} · new {created} · --dry-run {plan}. Drift and differences contain {kind,identity,difference}.
#   On an error: {error: {exitCode,message,next} and, where known, file,line,sqlstate,rule,holder,edited,…}.
# Exit codes: 0 done · 1 a migration failed · 2 wrong use · 3 no connection · 4 refused (edited, out of order, superuser …) ·
#   5 the lock was not free · status and verify: 0 clean, else 32 + 1 pending (or prelude) + 2 edited + 4 missing + 8 out of order + 16 drift.
# States, file format and recovery: docs/migrations.md.
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[[ "${1:-}" == --help ]] && print_help "${BASH_SOURCE[0]}" && exit 0
use_node
exec node "$HMA_ROOT/migrations/runner/main.ts" "$@"
