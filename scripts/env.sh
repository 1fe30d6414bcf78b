#!/usr/bin/env bash
# Looks at the variables and secrets of the stack. .env.example names every variable there is.
# Usage: scripts/env.sh check [--variant dev|test|prod] [--secrets]   nothing to say when they will do; prints the project's name
#        scripts/env.sh secrets [--variant V] [--json]               makes up the secrets that are missing, and prints none
#        scripts/env.sh where [--variant V] [--json]                 where the services listen
#        scripts/env.sh example                                      prints .env.example
# Exit codes: 0 done · 2 a variable or secret is missing or invalid: one line names it · 3 no engine (where).
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[[ "${1:-}" == --help ]] && print_help "${BASH_SOURCE[0]}" && exit 0
use_node
exec node "$HMA_ROOT/config/main.ts" "$@"
