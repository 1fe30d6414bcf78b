#!/usr/bin/env bash
# Prints which images the engine has, or gets the missing ones: pulls the upstream images of docker/images.lock by digest, builds
# a stand-in for each that cannot be pulled, and builds our own images on them.
# Usage: scripts/images.sh status [--profile NAME] [--stand-ins] [--json] [NAME...]
#        scripts/images.sh ensure [--profile NAME] [--stand-ins] [--json] [NAME...]
#        without a NAME of an image: all that are needed without a profile, and with that profile of compose
#        scripts/images.sh env [--stand-ins] [--json]         writes the image variables of compose into .env
#   --stand-ins   uses stand-ins only, and builds the missing ones (as HMA_IMAGES=stand-ins)
#   --json        the result as one JSON object {mode, images: [{name, reference, origin, …}]}; progress stays on stderr
# Environment: HMA_IMAGES=auto (the default) | locked (no stand-in) | stand-ins (no pull); the harness reads it too.
#   An existing stand-in is used until HMA_IMAGES=locked scripts/images.sh ensure pulls the locked image.
# Exit codes: 0 all available · 2 wrong use, or docker/images.lock is malformed · 3 an image is missing (status), or cannot be
#   pulled or built (ensure) · 124 out of time · 130 and 143 interrupted, with nothing incomplete left.
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[[ "${1:-}" == --help ]] && print_help "${BASH_SOURCE[0]}" && exit 0
use_node
exec node "$HMA_ROOT/stack/images/main.ts" "$@"
