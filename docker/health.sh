#!/usr/bin/env bash
# Healthcheck of our own services, inside of their containers: GET /health at PORT, whose answer is printed. In Bash and without another
# program, because it runs every few seconds, and Node takes a tenth of a second of processor time to start.
# Usage: health.sh PORT
# Exit codes: 0 healthy · 1 not healthy, for the reason that is printed · 3 no answer within four seconds
set -u
trap '' PIPE

no_answer() {
  printf 'No answer at port %s.\n' "$1"
  exit 3
}

{ exec 3<>"/dev/tcp/127.0.0.1/$1"; } 2>/dev/null || no_answer "$1"
printf 'GET /health HTTP/1.0\r\n\r\n' >&3
read -r -t 4 -u 3 _ status _ || no_answer "$1"
while read -r -t 4 -u 3 header && [[ "$header" != $'\r' ]]; do :; done
while IFS= read -r -t 4 -u 3 line || [[ -n "$line" ]]; do printf '%s\n' "$line"; done
[[ "$status" == 200 ]]
