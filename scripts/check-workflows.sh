#!/usr/bin/env bash
# Checks the workflows of GitHub with actionlint (syntax, types, shell) and zizmor (security), both offline.
# Usage: scripts/check-workflows.sh [--help]
# What no linter has (a limit of time for every step, the triggers, no logic in YAML) is checked by specs/d1-workflow.spec.ts.
# Exit codes: 0 clean · 1 something was found · 2 wrong use · 3 a tool is missing and cannot be installed · 124 out of time.
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

only_help "$@"
cd "$HMA_ROOT"

# Built from source in .venv/bin, again when its version changes.
ensure_actionlint() {
  local stamp=.venv/.hma-go-tools
  [[ -f scripts/go-tools/go.mod && -r scripts/go-tools/go.mod ]] ||
    die 2 'scripts/go-tools/go.mod cannot be read.' 'git checkout scripts/go-tools'
  [[ -x .venv/bin/actionlint ]] && cmp -s scripts/go-tools/go.mod "$stamp" && return 0
  ensure_go
  bounded 240 env GOBIN="$PWD/.venv/bin" GOFLAGS=-mod=readonly go -C scripts/go-tools install tool >&2 ||
    die 3 'actionlint could not be built.' 'go -C scripts/go-tools install tool'
  cp scripts/go-tools/go.mod "$stamp"
}

# A Go of the machine, or else the one that is packaged for Python.
ensure_go() {
  local need=1.25.0 version=0 oldest
  if command -v go >/dev/null; then version=$(GOTOOLCHAIN=local go env GOVERSION); fi
  oldest=$(printf '%s\n' "$need" "${version#go}" | sort -V | head -n 1)
  [[ $oldest == "$need" ]] && return 0
  packaged_go >/dev/null || bounded 180 .venv/bin/pip install --quiet --disable-pip-version-check --require-hashes \
    --only-binary :all: --requirement scripts/go-tools/requirements.txt >&2 ||
    die 3 "Go $need or newer is missing." 'install Go.'
  PATH="$PWD/$(packaged_go):$PATH" || die 3 "Go $need or newer is missing." 'install Go.'
}

packaged_go() {
  compgen -G '.venv/lib/python*/site-packages/go/bin'
}

scripts/python-tools.sh >&2
ensure_actionlint
failed=0
bounded 60 .venv/bin/actionlint -no-color .github/workflows/*.yml || failed=1
bounded 60 .venv/bin/zizmor --offline --no-progress --quiet --persona=pedantic --strict-collection .github || failed=1
exit "$failed"
