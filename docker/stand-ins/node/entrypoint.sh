#!/bin/sh
# Anything that is not a command is an argument of node: an option, or a script to run.
set -e
case ${1-} in
  -*) set -- node "$@" ;;
  *) if ! command -v "${1-}" >/dev/null || { [ -f "${1-}" ] && [ ! -x "${1-}" ]; }; then set -- node "$@"; fi ;;
esac
exec "$@"
