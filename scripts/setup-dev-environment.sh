#!/usr/bin/env bash
# Takes this machine from a fresh clone to a stack that runs, is migrated, seeded and smoke-tested. Run it again at any time:
# it does what is missing, says so when nothing is, and completes what a killed one has begun.
# Usage: scripts/setup-dev-environment.sh [--variant dev|test] [--tools] [--yes] [--json]
#   --tools   with Adminer and Redis Commander
#   --yes     does not ask before sudo (installing or starting an engine)
#   --json    progress as JSON lines on stderr; on stdout {done, changed, steps: [{step, changed, seconds, what}], places},
#             or {done: false, changed, steps, error}
# Steps: dependencies · doctor (stops before anything is pulled) · engine · settings (.env and secrets, never changed once
#   there) · images · stack (up, migrated, all healthy) · seed · smoke. Each has a limit of time.
# When a step fails: the last lines of every container that is not well, what the doctor finds, and the next act.
# Undone by scripts/teardown.sh.
# Exit codes: 0 the stack is up · 1 a step failed · 2 wrong use, or a variable is invalid · 3 the machine lacks something ·
#   4 another one is under way in this folder, nothing was done · 124 out of time.
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[[ " $* " == *' --help '* ]] && print_help "${BASH_SOURCE[0]}" && exit 0
cd "$HMA_ROOT"

alone .hma/setup.lock || die 4 'another set-up or teardown is under way in this folder.' 'wait for its end, and run this again.'

[[ " $* " == *' --yes '* ]] && export HMA_YES=1
# The first look, with whatever there is: npm and git are needed for all that follows.
if [[ ! -d node_modules ]]; then
  scripts/doctor --before-setup >&2 || (($? != 2)) || die 3 'this machine is not ready.' 'see the lines with a ✗ above.'
fi
before=$(cat node_modules/.hma-lock 2>/dev/null || true)
scripts/dependencies.sh >&2
state='there 0'
[[ "$(cat node_modules/.hma-lock 2>/dev/null || true)" == "$before" ]] || state="installed $SECONDS"

use_node
exec node "$HMA_ROOT/stack/setup/main.ts" "$state" "$@"
