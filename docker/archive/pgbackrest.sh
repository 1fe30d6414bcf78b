#!/bin/sh
# Usage: sh /pgbackrest.sh COMMAND [OPTION...]
#
# pgbackrest for the stack's database, with its secrets as variables of this process. Postgres runs it for each segment of its
# write-ahead log, and the service archive for backups. Exit codes are those of pgbackrest.
set -eu

# A restore makes this file and removes it when the restored server has proven to start. Before that nothing of it is archived: the
# archive would get a history that is given up again, and take it for the latest.
unproven=/var/lib/postgresql/17/unproven
if [ "${1:-}" = archive-push ] && [ -e "$unproven" ]; then
  echo "The restored server has not proven to start. Where no restore is running: rm $unproven" >&2
  exit 1
fi

PGBACKREST_REPO1_S3_KEY=$(cat /run/secrets/archive-key-id)
PGBACKREST_REPO1_S3_KEY_SECRET=$(cat /run/secrets/archive-key-secret)
PGBACKREST_REPO1_CIPHER_PASS=$(cat /run/secrets/archive-cipher)
export PGBACKREST_REPO1_S3_KEY PGBACKREST_REPO1_S3_KEY_SECRET PGBACKREST_REPO1_CIPHER_PASS

exec pgbackrest --stanza=hma "$@"
