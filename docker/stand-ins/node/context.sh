#!/usr/bin/env bash
# Usage: docker/stand-ins/node/context.sh ARCHITECTURE   (in a copy of this folder)
#
# Downloads node and npm on the building machine, checked against package-lock.json: the machine's npm knows registry, proxy
# and password, and none of these may get into an image.
set -Eeuo pipefail

cpu=${1/amd64/x64}
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error --os=linux --cpu="$cpu" --libc=glibc
