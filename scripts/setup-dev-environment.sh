#!/usr/bin/env bash
# Takes this machine from a fresh clone to a running stack that is migrated, seeded and smoke-tested. Safe to run again at any
# time: it does what is missing, reports when nothing is, and completes a set-up that was killed.
# Usage: scripts/setup-dev-environment.sh [--variant dev|test] [--tools] [--observability] [--yes] [--json]
#   --tools           with Adminer and Redis Commander
#   --observability   with Prometheus, Alertmanager and exporters (docs/observability.md)
#   --yes     does not ask before sudo (installing or starting an engine)
#   --json    progress as JSON lines on stderr; on stdout {done, changed, steps: [{step, changed, seconds, what}], places},
#             or {done: false, changed, steps, error}
# Steps: dependencies · doctor (stops before anything is pulled) · engine · settings (.env and secrets; what exists never
#   changes) · images · stack (started, migrated, all healthy) · seed · smoke. Each has a time limit.
# When a step fails: the last log lines of every unhealthy container, what the doctor finds, and the next act.
# Undone by scripts/teardown.sh.
# Exit codes: 0 the stack is up · 1 a step failed · 2 wrong use, or a variable is invalid · 3 the machine lacks something ·
#   4 another set-up or teardown is running in this folder, nothing was done · 124 out of time · 130 and 143 interrupted.
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[[ " $* " == *' --help '* ]] && print_help "${BASH_SOURCE[0]}" && exit 0
cd "$HMA_ROOT"

take_lock .hma/setup.lock || die 4 'another set-up or teardown is running in this folder.' 'wait for its end, and run this again.'

[[ " $* " == *' --yes '* ]] && export HMA_YES=1
# The doctor runs once before the dependencies are installed: that needs npm and git.
if [[ ! -d node_modules ]]; then
  scripts/doctor --before-setup >&2 || (($? != 2)) || die 3 'this machine is not ready.' 'see the lines with a ✗ above.'
fi
before=$(cat node_modules/.hma-lock 2>/dev/null || true)
scripts/dependencies.sh >&2
state='there 0'
[[ "$(cat node_modules/.hma-lock 2>/dev/null || true)" == "$before" ]] || state="installed $SECONDS"

use_node
exec node "$HMA_ROOT/stack/setup/main.ts" "$state" "$@"
