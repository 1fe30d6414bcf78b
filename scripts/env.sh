#!/usr/bin/env bash
# Checks the variables and secrets of the stack. .env.example names every variable.
# Usage: scripts/env.sh check [--variant dev|test|prod] [--secrets]   checks them, and prints the name of the compose project
#        scripts/env.sh secrets [--variant V] [--json]               generates the secrets that are missing, and prints none
#        scripts/env.sh where [--variant V] [--json]                 the URL of each service
#        scripts/env.sh example                                      prints .env.example
# Exit codes: 0 done · 2 a variable or secret is missing or invalid: one line names it · 3 no engine (where; secrets,
#   which leaves out what existing data may need).
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[[ "${1:-}" == --help ]] && print_help "${BASH_SOURCE[0]}" && exit 0
use_node
exec node "$HMA_ROOT/config/main.ts" "$@"
