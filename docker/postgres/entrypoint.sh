#!/usr/bin/env bash
# The image's own entrypoint, behind one question: would this start make an empty cluster where there is something to lose? It
# would, where PGDATA is empty while another cluster lies in the volume (as after a new major, or a volume of an older
# layout) or may lie there, and where PGDATA is on no volume at all, so that what is written goes with the container. All
# are refused before anything is made, with exit code 3.
set -Eeuo pipefail

volume=/var/lib/postgresql

refuse() {
  printf 'postgres: %s Next: %s\n' "$1" "$2" >&2
  exit 3
}

# Control files of the clusters in the volume: a cluster has one, and none of its databases has. Fails where a folder cannot be
# looked into; lost+found is the file system's own.
clusters() { find "$volume" -maxdepth 5 -name lost+found -prune -o -path '*/global/pg_control' -print 2>/dev/null; }

refuse_to_hide() {
  local other
  other=$(clusters || true)
  other=${other%%/global/pg_control*}
  [[ -z $other ]] || refuse "a cluster of Postgres $(cat "$other/PG_VERSION") lies in $other, and PGDATA is $PGDATA, where there is none." \
    "set PGDATA=$other, or bring its data over with pg_upgrade or a restored backup."
}

refuse_to_guess() {
  clusters >/dev/null || refuse "a folder in $volume is closed to user $(id -un), and a cluster may lie in it." \
    'give it to that user, or take it out of the volume.'
}

# On the file system of the container itself, whose parts are no mount of their own.
refuse_to_lose() {
  local folder=$PGDATA
  until [[ -d $folder ]]; do folder=$(dirname "$folder"); done
  [[ $(stat --format=%d "$folder") != "$(stat --format=%d /)" ]] ||
    refuse "PGDATA is $PGDATA, which lies in no volume and would go with the container." "mount a volume at $volume."
}

if [[ ${1:-} == postgres || ${1:-} == -* ]] && [[ ! -s $PGDATA/PG_VERSION ]]; then
  refuse_to_hide
  refuse_to_guess
  refuse_to_lose
fi
exec docker-entrypoint.sh "$@"
