#!/usr/bin/env bash
# The main job: provides what is missing, runs every spec, injects the faults, and prints the sign-off.
# Usage: scripts/accept.sh [--so-far] [--after-test] [--first] [--help]
#   --so-far      criteria without a spec do not fail the run; the verdict is then SCOPED.
#   --after-test  does not run the specs, but takes the run that `npm test` has just made of this commit; it is refused
#                 when it was of another commit or list, did not end, or left anything out.
#   --first       injects one fault of each criterion instead of all: minutes instead of an hour.
# It writes .signoff/signoff.json and signoff.md, whatever the verdict; those of an earlier run are deleted first.
# Exit codes: 0 accepted (with --so-far: every criterion that has a spec is proven) · 1 a criterion failed · 2 the contract
# is broken (a criterion without spec, unknown or never seen red, or a fault that was not caught) · 3 the environment is
# broken · 4 scoped run · 124 out of time.
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scope=()
after_test=no
which_faults=() faults_within=7200
for option in "$@"; do
  case "$option" in
    --so-far) scope=(--so-far) ;;
    --after-test) after_test=yes ;;
    --first) which_faults=(--first) faults_within=1500 ;;
    --help) print_help "${BASH_SOURCE[0]}" && exit 0 ;;
    *) die 2 "unknown option '$option'." 'scripts/accept.sh --help' ;;
  esac
done
cd "$HMA_ROOT"
rm -f .signoff/signoff.json .signoff/signoff.md

say '[1/4] provide'
scripts/provide.sh
use_node
specs=0 faults=0
if [[ $after_test == yes ]]; then
  say '[2/4] specs: the run of npm test'
else
  say '[2/4] specs'
  bounded 900 vitest run --project acceptance || specs=$?
fi
if ((specs == 0)); then
  say '[3/4] faults'
  bounded "$faults_within" node harness/proof/prove.ts --after-specs "${which_faults[@]}" || faults=$?
else
  say '[3/4] faults: left out, because the specs fail without a fault'
fi
say '[4/4] sign-off'
bounded 60 node harness/proof/seal.ts "${scope[@]}" --specs-exit "$specs" --prove-exit "$faults"
