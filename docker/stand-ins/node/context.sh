#!/usr/bin/env bash
# Usage: docker/stand-ins/node/context.sh ARCHITECTURE   (in a copy of this folder)
#
# Fetches on the building machine what the image is made of, checked against package-lock.json: its npm knows the registry,
# the proxy and the password that reach it, and none of these may come near an image.
set -Eeuo pipefail

cpu=${1/amd64/x64}
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error --os=linux --cpu="$cpu" --libc=glibc
