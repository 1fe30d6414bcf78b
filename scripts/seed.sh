#!/usr/bin/env bash
# Loads seeds into a migrated database. Loading again adds rows that are missing and changes none.
# Usage: scripts/seed.sh reference [--json]   the published legal documents; for every database
#        scripts/seed.sh people [--json]      twelve named test users; for databases marked development or test
#        scripts/seed.sh models [--json]      six example models for /models; for the same databases
#        scripts/seed.sh all [--json]         all three; nothing where test users are refused
# Test users sign in with NAME@hma.example and the password `correct horse battery staple`; seeds/people.sql says who they are.
# Works on the database of HMA_DATABASE_URL, and without it on that of the running dev stack of this folder.
# Environment: HMA_DATABASE_URL; HMA_DATABASE_PASSWORD or HMA_DATABASE_PASSWORD_FILE. The login is hma_migrator; a superuser is refused.
# JSON: progress as JSON lines on stderr; on stdout {loaded}, which holds the number of new rows by seed.
# Exit codes: 0 loaded · 1 a seed failed · 2 wrong use · 3 no server · 4 refused: no test users or example models in
#   this database, or the login is a superuser.
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[[ "${1:-}" == --help ]] && print_help "${BASH_SOURCE[0]}" && exit 0
use_node
exec node "$HMA_ROOT/seeds/main.ts" "$@"
