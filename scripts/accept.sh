#!/usr/bin/env bash
# The main job: provides what is missing, runs every spec, injects the faults, and prints the sign-off.
# Usage: scripts/accept.sh [STEP...] [--so-far] [--first] [--shard I/N] [--parts] [--help]
#   STEP       provide, specs, faults, sign-off: only these, each after those before it; without a STEP all of them
#   --so-far   criteria without a spec do not fail the run; the verdict is then SCOPED.
#   --first    injects one fault of each criterion instead of all: minutes instead of an hour.
#   --shard    on the I-th of N machines: its part of the specs and of the faults, left in .signoff/parts
#   --parts    signs off the parts of all machines, which are together in .signoff/parts; a part that is missing, double or of
#              another commit is refused
# It writes .signoff/signoff.json and signoff.md, whatever the verdict; those of an earlier run are deleted first.
# EVENT, HEAD_SHA and BASE_SHA are the workflow's: the verdict on a pull request is SCOPED at most, and the record names its commits.
# Exit codes: 0 accepted (with --so-far: every criterion that has a spec is proven) · 1 a criterion failed · 2 the contract
# is broken (a criterion without spec, unknown or never seen red, or a fault that was not caught) · 3 the environment is
# broken · 4 scoped run · 124 out of time.
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

steps=() so_far=() first=() shard=() parts=no faults_within=7200
while (($# > 0)); do
  case "$1" in
    provide | specs | faults | sign-off) steps+=("$1") ;;
    --so-far) so_far=(--so-far) ;;
    --first) first=(--first) faults_within=1500 ;;
    --shard)
      [[ "${2:-}" =~ ^[1-9][0-9]?/[1-9][0-9]?$ ]] || die 2 "--shard is '${2:-}'." 'give a part and the number of parts, as 2/4.'
      shard=(--shard "$2")
      shift
      ;;
    --parts) parts=yes ;;
    --help) print_help "${BASH_SOURCE[0]}" && exit 0 ;;
    *) die 2 "unknown option '$1'." 'scripts/accept.sh --help' ;;
  esac
  shift
done
if ((${#steps[@]} == 0)); then
  steps=(provide specs faults)
  ((${#shard[@]} > 0)) || steps+=(sign-off)
fi
cd "$HMA_ROOT"
mkdir -p .signoff
rm -f .signoff/signoff.json .signoff/signoff.md

# A step leaves its exit code for the ones after it, which may run later.
read_exits() {
  specs_exit=$(cat .signoff/specs.exit 2>/dev/null || echo 3)
  faults_exit=$(cat .signoff/faults.exit 2>/dev/null || echo 3)
}
ended() {
  echo "$2" >".signoff/$1.exit"
  read_exits
  ((${#shard[@]} == 0)) || bounded 60 node harness/proof/part.ts close "${shard[1]}" \
    --specs-exit "$specs_exit" --prove-exit "$faults_exit" || exit 3
}

run_specs() {
  local code=0
  rm -f .signoff/specs.exit .signoff/faults.exit .signoff/run.json
  local report=()
  ((${#shard[@]} == 0)) || report=("${shard[@]}" --reporter=default --reporter=./harness/proof/reporter.ts
    --reporter=blob "--outputFile.blob=.signoff/parts/report-${shard[1]/\//-}.json")
  # Two minutes less than the step of the gate has (stack/gate/steps.ts), which would end it without saying which part it was.
  bounded 3240 vitest run --project acceptance "${report[@]}" || code=$?
  ended specs "$code"
  return "$code"
}

run_faults() {
  local code=0
  read_exits
  if [[ "$specs_exit" != 0 ]]; then
    say 'left out, because the specs fail without a fault, or did not run'
    return "$specs_exit"
  fi
  bounded "$faults_within" node harness/proof/prove.ts --all --after-specs "${first[@]}" "${shard[@]}" || code=$?
  ended faults "$code"
  return "$code"
}

join_parts() {
  local exits code=0
  exits=$(bounded 60 node harness/proof/part.ts join) || return
  read -r specs faults <<<"$exits"
  bounded 120 vitest run --project acceptance --merge-reports=.signoff/reports || code=$?
  [[ "$specs" != 0 ]] || specs=$code
  echo "$specs" >.signoff/specs.exit
  echo "$faults" >.signoff/faults.exit
}

sign_off() {
  [[ $parts == no ]] || join_parts || return
  read_exits
  bounded 60 node harness/proof/seal.ts "${so_far[@]}" --specs-exit "$specs_exit" --prove-exit "$faults_exit"
}

result=0
for step in "${steps[@]}"; do
  say "[$step]"
  [[ $step == provide ]] || use_node
  case "$step" in
    provide) scripts/provide.sh ;;
    specs) run_specs || result=$? ;;
    faults) run_faults || result=$? ;;
    sign-off) result=0 && sign_off || result=$? ;;
  esac
done
exit "$result"
