#!/usr/bin/env bash
# docker compose with the files, variables, images and the name of one variant of the stack.
# Usage: scripts/compose.sh [--variant dev|test|prod] ARGS...     dev without a variant
#   scripts/compose.sh up --wait                    starts all, and ends well only when all is healthy and migrated
#   scripts/compose.sh --profile tools up --wait    with Adminer and Redis Commander
#   scripts/compose.sh --variant test down -v       ends the test stack, and removes its data
# Variables: .env, beneath those of the shell; .env.example names each. Images: .hma/images.env, written anew before anything
#   is started (scripts/images.sh env).
# Exit codes: docker compose's own · 2 a variable or secret is missing or invalid (one line names it), nothing was started ·
#   3 the machine lacks something.
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[[ $# == 0 || $1 == --help ]] && print_help "${BASH_SOURCE[0]}" && exit 0
variant=dev
if [[ $1 == --variant ]]; then
  (($# > 2)) || die 2 '--variant stands alone.' 'scripts/compose.sh --help'
  variant=$2
  shift 2
fi

# What compose calls its command is the first word that is no option; some options take a word with them.
act='' skip='' before=()
for word in "$@"; do
  if [[ -n $skip ]]; then
    skip='' before+=("$word")
    continue
  fi
  case $word in
    --profile | -f | --file | --progress | --ansi | --parallel) skip=1 ;;
    -*) ;;
    *) act=$word && break ;;
  esac
  before+=("$word")
done

use_node
wishes=() starts=''
case $act in up | run | create | start | restart) starts=1 ;; esac
[[ -n $starts || ($variant == prod && $act == config) ]] && wishes+=(--secrets)
project=$(node "$HMA_ROOT/config/main.ts" check --variant "$variant" --for "$HMA_SCRIPT" "${wishes[@]}")

images=$HMA_ROOT/.hma/images.env
if [[ -n $starts || ! -s $images ]]; then
  node "$HMA_ROOT/stack/images/main.ts" env
fi

files=(-f "$HMA_ROOT/docker/docker-compose.yml")
[[ $variant == dev ]] || files+=(-f "$HMA_ROOT/docker/docker-compose.$variant.yml")
[[ $act == down ]] && set -- --profile '*' "$@"
[[ -f "$HMA_ROOT/.env" ]] && files+=(--env-file "$HMA_ROOT/.env")
compose=(docker compose --project-directory "$HMA_ROOT" --project-name "$project" "${files[@]}" --env-file "$images")

if [[ $act == up ]]; then
  "${compose[@]}" "${before[@]}" --profile '*' config --format json | node "$HMA_ROOT/stack/setup/half-made.ts" "$project"
fi
exec "${compose[@]}" "$@"
