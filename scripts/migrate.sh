#!/usr/bin/env bash
# Takes the database's schema to a version: the migrations in migrations/, each in one transaction with its ledger row.
# Usage: scripts/migrate.sh apply [--to NAME] [--with GROUP] [--dry-run] [--lock-wait SECONDS] [--allow-out-of-order]
#                                 [--accept-drift]     up to the newest version, or to NAME (0: only roles and ledger)
#        scripts/migrate.sh status [--with GROUP]      what is applied, pending, edited, missing, out of order or drifted
#        scripts/migrate.sh down [--to NAME | --without GROUP] [--dry-run] [--lock-wait SECONDS]
#                                 undoes the newest, or all that came after NAME (0: everything), or an opt-in group alone
#        scripts/migrate.sh verify [--lock-wait SECONDS]   compares the live catalog with a fresh replay in a scratch database
#        scripts/migrate.sh new NAME                   writes the next numbered pair
# NAME is a migration's name or its four digits. GROUP is what `-- opt-in: GROUP` at the top of a file says; rls is one.
# Everywhere: --json (progress as JSON lines on stderr, the result as one JSON object on stdout), --migrations FOLDER.
# Environment: HMA_DATABASE_URL; HMA_DATABASE_PASSWORD; HMA_MIGRATOR_PASSWORD, HMA_APP_PASSWORD, HMA_ANALYTICS_PASSWORD,
#   HMA_ML_PASSWORD, HMA_BACKUP_PASSWORD (each also as …_FILE); HMA_RLS=on is --with rls; HMA_ENVIRONMENT (development,
#   test or production) is what migrations/after-apply.sql, which runs after every apply to the newest version, marks.
# JSON: apply {applied} · down {undone} · status {applied,pending,edited,missing,outOfOrder,interrupted,optIn,drift} ·
#   verify {differences} · new {created} · --dry-run {plan}. Drift and differences hold {kind,identity,difference}.
#   Where there is no result: {error: {exitCode,message,next} and what is known of file,line,sqlstate,rule,holder,edited,…}.
# Exit codes: 0 done · 1 a migration failed · 2 wrong use · 3 no server · 4 refused (edited, missing, out of order …) ·
#   5 the lock was not free · status and verify: 0 clean, else 32 + 1 pending + 2 edited + 4 missing + 8 out of order + 16 drift.
# How it recovers, and what each state means: docs/migrations.md.
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[[ "${1:-}" == --help ]] && print_help "${BASH_SOURCE[0]}" && exit 0
use_node
# Compiled code is kept beside the project: half of what a short command costs is stripping types and compiling.
export NODE_COMPILE_CACHE="$HMA_ROOT/.hma/compile-cache"
exec node "$HMA_ROOT/migrations/runner/main.ts" "$@"
