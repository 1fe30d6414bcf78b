#!/usr/bin/env bash
# Installs the project's Python tools (sqlfluff, pgspot) in .venv, in the versions of scripts/requirements.txt.
# Usage: scripts/python-tools.sh [--help]
# Returns at once when they are installed. An incomplete .venv is created again.
# Exit codes: 0 installed · 2 wrong use, or the list cannot be read · 3 this machine lacks something (named in one line) · 124 out of time.
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

only_help "$@"
cd "$HMA_ROOT"

[[ -f scripts/requirements.txt && -r scripts/requirements.txt ]] ||
  die 2 'scripts/requirements.txt cannot be read.' 'git checkout scripts/requirements.txt'
stamp=.venv/.hma-requirements
[[ -x .venv/bin/python ]] && cmp -s scripts/requirements.txt "$stamp" 2>/dev/null && exit 0

# Debian packages the venv module separately: /usr/bin/python3 may have it where another python3 does not.
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
