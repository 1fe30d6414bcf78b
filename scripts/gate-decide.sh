#!/usr/bin/env bash
# Decides in the workflow whether the gate runs: for an alpha tag, by hand, or for the label run-acceptance on a pull request that is
# no draft; for nothing else. Writes run=true or run=false to the file of $GITHUB_OUTPUT, and says why.
# Usage: EVENT=push REF=refs/tags/alpha-1 LABEL= DRAFT= scripts/gate-decide.sh
# Exit codes: 0 decided · 2 wrong use.
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

only_help "$@"
run=false
case "${EVENT:-} ${REF:-} ${LABEL:-} ${DRAFT:-}" in
  'push refs/tags/alpha-'*) run=true ;;
  'workflow_dispatch refs/heads/'* | 'workflow_dispatch refs/tags/'*) run=true ;;
  'pull_request refs/pull/'*' run-acceptance false') run=true ;;
esac
say "run=$run for event '${EVENT:-}', ref '${REF:-}', label '${LABEL:-}', draft '${DRAFT:-}'"
[[ -z "${GITHUB_OUTPUT:-}" ]] || say "run=$run" >>"$GITHUB_OUTPUT"
