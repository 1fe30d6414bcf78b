#!/usr/bin/env bash
# Provides what the specs need on this machine: dependencies, container engine, Python tools, a browser, images. Takes seconds when all exist.
# Usage: scripts/provide.sh [--help]
# Exit codes: 0 provided · 2 wrong use · 3 this machine lacks something (named in one line) · 124 out of time.
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

only_help "$@"
cd "$HMA_ROOT"

scripts/dependencies.sh
timed 'container engine' 300 scripts/engine.sh
timed 'Python tools' 600 scripts/python-tools.sh
timed 'browser' 420 scripts/browser.sh
timed 'images' 1500 scripts/images.sh ensure --profile observability
