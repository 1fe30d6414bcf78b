#!/usr/bin/env bash
# docker compose with the files, variables, images and the name of one variant of the stack.
# Usage: scripts/compose.sh [--variant dev|test|prod] ARGS...     dev without a variant
#   scripts/compose.sh up --wait                    starts everything; exit code 0 means healthy and migrated
#   scripts/compose.sh --profile tools up --wait    with Adminer and Redis Commander
#   scripts/compose.sh --variant test down -v       ends the test stack, and removes its data
# Variables: .env, overridden by those of the shell; .env.example names each. Images: the last lines of .env,
#   written again before anything is started (scripts/images.sh env).
# Options before the command: those of compose, except for those that the wrapper sets itself (project, its folder, variables).
# Exit codes: docker compose's own · 2 a variable or secret is missing or invalid (one line names it), nothing was started ·
#   3 the machine lacks something · 4 refused: the stack of this name is another checkout's.
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[[ $# == 0 || $1 == --help ]] && print_help "${BASH_SOURCE[0]}" && exit 0
use_node
[[ $1 != --variant=* ]] || set -- --variant "${1#*=}" "${@:2}"
options=$(node "$HMA_ROOT/stack/compose/main.ts" "$@")
readarray -t options <<<"$options"
[[ $1 == --variant ]] && shift 2
exec docker compose "${options[@]}" "$@"
