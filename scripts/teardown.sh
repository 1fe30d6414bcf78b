#!/usr/bin/env bash
# Undoes scripts/setup-dev-environment.sh: stops the stack and removes its containers and networks. Data, settings and
# secrets stay, so that the next set-up finds everything as it was.
# Usage: scripts/teardown.sh [--variant dev|test] [--data]
#   --data   also removes the data: databases, cache and objects; this cannot be undone
# Exit codes: 0 removed · 1 docker failed · 2 wrong use, or a variable is missing · 3 the machine lacks something ·
#   4 nothing was done: a set-up or another teardown is running in this folder, or the stack of this name is another checkout's.
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

variant=dev data=()
while (($# > 0)); do
  case "$1" in
    --help) print_help "${BASH_SOURCE[0]}" && exit 0 ;;
    --data) data=(--volumes) ;;
    --variant)
      (($# > 1)) || die 2 'there is nothing after --variant.' 'scripts/teardown.sh --help'
      variant=$2
      shift
      ;;
    *) die 2 "unknown option '$1'." 'scripts/teardown.sh --help' ;;
  esac
  shift
done
case "$variant" in dev | test) ;; *) die 2 "--variant '$variant' is neither dev nor test." 'scripts/teardown.sh --help' ;; esac

take_lock "$HMA_ROOT/.hma/setup.lock" || die 4 'a set-up or another teardown is running in this folder.' 'wait for its end, and run this again.'
bounded 180 "$HMA_ROOT/scripts/compose.sh" --variant "$variant" down --remove-orphans "${data[@]}"
