#!/usr/bin/env bash
# Runs the image's entrypoint, unless it would create an empty cluster and data could be lost: PGDATA is empty while another
# cluster is in the volume (after a new major version, or a volume of an older layout), or may be in a folder that cannot be
# read; or PGDATA is not on a volume, so that the data would be removed with the container. Refuses with exit code 3, before
# anything is written.
set -Eeuo pipefail

volume=/var/lib/postgresql

refuse() {
  printf 'postgres: %s Next: %s\n' "$1" "$2" >&2
  exit 3
}

# Control files of the clusters in the volume; each cluster has one. Fails where a folder cannot be read; lost+found belongs to
# the file system.
clusters() { find "$volume" -maxdepth 5 -name lost+found -prune -o -path '*/global/pg_control' -print 2>/dev/null; }

refuse_to_hide() {
  local other version
  other=$(clusters || true)
  other=${other%%/global/pg_control*}
  [[ -n $other ]] || return 0
  version=$(cat "$other/PG_VERSION" || true)
  refuse "a cluster of Postgres $version is in $other, and none is in PGDATA, which is $PGDATA." \
    "set PGDATA=$other, or move its data with pg_upgrade or a restored backup."
}

refuse_to_guess() {
  local user
  user=$(id -un || true)
  clusters >/dev/null || refuse "user $user cannot read a folder in $volume, and a cluster may be in it." \
    'make that user its owner, or remove it from the volume.'
}

# PGDATA is on the container's own file system, which has the device number of /.
refuse_to_lose() {
  local folder=$PGDATA device own_device
  until [[ -d $folder ]]; do folder=$(dirname "$folder"); done
  device=$(stat --format=%d "$folder")
  own_device=$(stat --format=%d /)
  [[ $device != "$own_device" ]] ||
    refuse "PGDATA is $PGDATA, which is not on a volume: the data would be removed with the container." "mount a volume at $volume."
}

if [[ ${1:-} == postgres || ${1:-} == -* ]] && [[ ! -s $PGDATA/PG_VERSION ]]; then
  refuse_to_hide
  refuse_to_guess
  refuse_to_lose
fi
# Opt-in (docs/archive.md). A segment of the write-ahead log that is not full is archived after a minute: what a lost disk costs.
if [[ ${HMA_ARCHIVE:-off} == on && ${1:-} == postgres ]]; then
  set -- "$@" -c archive_mode=on -c archive_timeout=60 -c 'archive_command=sh /pgbackrest.sh archive-push %p'
fi
exec docker-entrypoint.sh "$@"
