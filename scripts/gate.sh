#!/usr/bin/env bash
# The gate: everything that decides whether a change may land, as CI and .github/workflows/quality-gate.yml run it.
# Usage: scripts/gate.sh [--only STEP]... [--without STEP]... [--shard I/N | --parts] [--within SECONDS] [--list] [--json]
#   --list     prints each step with its limit of time and its commands
#   --only     this step alone, in the state in which earlier ones left the machine; it tears nothing down by itself
#   --without  not this step
#   --shard    the I-th of N parts of the acceptance specs and of the faults, left in .signoff/parts
#   --parts    the sign-off joins the parts of all machines, which are together in .signoff/parts
#   --within   at most so many seconds for each step
#   --json     {exitCode, seconds, steps: [{step, state, exitCode, seconds, limitSeconds}]}; output of the steps goes to stderr
# After a step that failed only the checks that need no container are run, and the teardown. A step that does not end in time is
# ended with everything that it started. The stack of the gate has its own name (…-gate) and ports (those of dev and 20000); its steps
# do not see what the shell names for single commands, as HMA_DATABASE_URL.
# Exit codes: 0 passed · that of the first step that failed · 2 wrong use · 124 a step ran out of its time · 130 interrupted.
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[[ "${1:-}" == --help ]] && print_help "${BASH_SOURCE[0]}" && exit 0
cd "$HMA_ROOT"
scripts/dependencies.sh >&2
use_node
exec node stack/gate/main.ts "$@"
