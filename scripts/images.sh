#!/usr/bin/env bash
# Tells which images the engine has, or makes them be there: pulls what docker/images.lock names, by digest, and builds a
# stand-in for what cannot be pulled. Our own images are built on these.
# Usage: scripts/images.sh status [--stand-ins] [--json] [NAME...]
#        scripts/images.sh ensure [--stand-ins] [--json] [NAME...]    all of them without a NAME
#        scripts/images.sh env [--stand-ins] [--json]         writes .hma/images.env, by which compose names its images
#   --stand-ins   builds and uses stand-ins, whatever can be pulled (as HMA_IMAGES=stand-ins)
#   --json        the answer as one JSON object {mode, images: [{name, reference, origin, …}]}; progress stays on stderr
# Environment: HMA_IMAGES=auto (the default) | locked (no stand-in) | stand-ins (no pull); the harness reads it too.
#   A stand-in that is there is used until HMA_IMAGES=locked scripts/images.sh ensure pulls what it stands for.
# Exit codes: 0 all there · 2 wrong use, or docker/images.lock is malformed · 3 missing (status), or it cannot be had
#   (ensure) · 124 out of time · 130 and 143 interrupted, and nothing half-made left.
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[[ "${1:-}" == --help ]] && print_help "${BASH_SOURCE[0]}" && exit 0
use_node
exec node "$HMA_ROOT/stack/images/main.ts" "$@"
