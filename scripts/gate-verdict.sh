#!/usr/bin/env bash
# The verdict of the workflow: red unless every job that it needs succeeded. A job that was skipped or cancelled did not.
# Usage: RESULTS='{"stack": {"result": "success"}}' scripts/gate-verdict.sh
# Exit codes: 0 every job succeeded · 1 one did not · 2 RESULTS cannot be read.
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

only_help "$@"
# shellcheck disable=SC2016 # it is a program of JavaScript
results=$(node -e '
  const jobs = Object.entries(JSON.parse(process.env.RESULTS))
  for (const [name, { result }] of jobs) console.log(result === "success" ? "succeeded" : `${result || "unknown"}:`, name)' 2>/dev/null) || results=''
[[ -n "$results" ]] || die 2 'RESULTS does not hold the results of the jobs.' 'scripts/gate-verdict.sh --help'
say "$results"
! grep --invert-match --quiet '^succeeded ' <<<"$results" || die 1 'not every job succeeded.' 'open the job that did not.'
