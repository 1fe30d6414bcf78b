#!/usr/bin/env bash
# Provides the project's own Python tools (sqlfluff, pgspot) in .venv, exactly as scripts/requirements.txt lists them.
# Usage: scripts/python-tools.sh [--help]
# Instant when they are there. A .venv that was begun and not finished is made anew.
# Exit codes: 0 provided · 2 wrong use · 3 this machine lacks something (said in one line) · 124 out of time.
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

only_help "$@"
cd "$HMA_ROOT"

stamp=.venv/.hma-requirements
[[ -x .venv/bin/python ]] && cmp -s scripts/requirements.txt "$stamp" 2>/dev/null && exit 0

# Debian splits the venv module from Python itself, so the first try may fail where the second succeeds.
make_venv() {
  local python
  rm -rf .venv
  for python in python3 /usr/bin/python3; do
    command -v "$python" >/dev/null && bounded 60 "$python" -m venv .venv >/dev/null 2>&1 && return 0
  done
  return 1
}

install_venv_module() {
  command -v apt-get >/dev/null && ((EUID == 0)) || return 1
  scripts/packages.sh python3-venv
}

make_venv || { install_venv_module && make_venv; } ||
  die 3 'python3 with its venv module is missing.' 'apt-get install python3-venv (macOS: brew install python).'
timed 'Python tools (pip)' 240 .venv/bin/pip install --quiet --disable-pip-version-check --require-hashes \
  --only-binary :all: --requirement scripts/requirements.txt ||
  die 3 'the Python tools could not be installed.' '.venv/bin/pip install --require-hashes --requirement scripts/requirements.txt'
cp scripts/requirements.txt "$stamp"
