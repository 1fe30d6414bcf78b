#!/usr/bin/env bash
# The newest alpha tag of this clone: what the weekly verification of backups is made with. Writes tag=NAME, empty without one, to
# the file of $GITHUB_OUTPUT too.
# Usage: scripts/alpha-tag.sh [--help]
# Exit codes: 0 printed · 2 wrong use.
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

only_help "$@"
tags=$(bounded 30 git -C "$HMA_ROOT" tag --list 'alpha-*' --sort=-creatordate)
tag=${tags%%$'\n'*}
say "tag=$tag"
[[ -z "${GITHUB_OUTPUT:-}" ]] || say "tag=$tag" >>"$GITHUB_OUTPUT"
