#!/usr/bin/env bash
# Takes the database's schema to a version: the migrations in migrations/, each in one transaction with its ledger row.
# Usage: scripts/migrate.sh apply [--to NAME] [--with rls] [--dry-run] [--lock-wait SECONDS] [--allow-out-of-order]
#        scripts/migrate.sh status            what is applied, pending, edited, missing, out of order or drifted
#        scripts/migrate.sh down [--to NAME]  undoes the newest, or all that came after NAME (0: everything)
#        scripts/migrate.sh verify            compares the live catalog with a fresh replay in a scratch database
#        scripts/migrate.sh new NAME          writes the next numbered pair
# Everywhere: --json (progress as JSON lines on stderr, the result as one JSON object on stdout), --migrations FOLDER.
# Environment: HMA_DATABASE_URL; HMA_DATABASE_PASSWORD; HMA_MIGRATOR_PASSWORD, HMA_APP_PASSWORD, HMA_ANALYTICS_PASSWORD,
#   HMA_ML_PASSWORD, HMA_BACKUP_PASSWORD (each also as …_FILE); HMA_RLS=on is --with rls.
# JSON: apply {applied} · down {undone} · status {applied,pending,edited,missing,outOfOrder,interrupted,optIn,drift} ·
#   verify {differences} · new {created} · --dry-run {plan}. Drift and differences hold {kind,identity,difference}.
# Exit codes: 0 done · 1 a migration failed · 2 wrong use · 3 no server · 4 refused (edited, missing, out of order …) ·
#   5 the lock was not free · status and verify: 0 clean, else 32 + 1 pending + 2 edited + 4 missing + 8 out of order + 16 drift.
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[[ "${1:-}" == --help ]] && print_help "${BASH_SOURCE[0]}" && exit 0
use_node
exec node "$HMA_ROOT/migrations/runner/main.ts" "$@"
