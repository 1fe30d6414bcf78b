#!/bin/sh
# Creates the buckets of the application, of the backups and, with HMA_ARCHIVE=on, of the archive: private, versioned, each with a key
# of its own that has access to this bucket only; the key of the backups may also list the application's. Idempotent. A one-shot service
# in the stack's network, in the object store's image. Reads HMA_BUCKET, HMA_BACKUP_BUCKET, HMA_ARCHIVE_BUCKET and the secrets.
# Exit codes: 0 done and verified · 1 the store refused · 2 an illegal name or key.
set -eu
umask 077

store=http://minio:9000
secrets=/run/secrets
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
export MC_CONFIG_DIR="$home" MC_NO_COLOR=1 MC_QUIET=1

# Without a limit the client tries for a minute to reach a store that does not run.
mc() { timeout 15 mc "$@"; }

# die CODE WHAT NEXT: one line, after the output of the client.
die() {
  printf 'bucket: %s Next: %s\n' "$2" "$3" >&2
  exit "$1"
}

# attempt CODE WHAT NEXT COMMAND...: quotes the command when it fails. Secrets are passed on standard input.
attempt() {
  code=$1 what=$2 next=$3 status=0
  shift 3
  output=$("$@" 2>&1) || status=$?
  [ "$status" != 0 ] || return 0
  words=$(printf '%s' "$output" | tr '\n' ' ' | cut -c 1-300)
  [ "$status" != 124 ] || words='it gave no answer within 15 s.'
  die "$code" "$what minio: ${words:-exit code $status.}" "$next"
}

secret() {
  [ -r "$secrets/$1" ] || die 2 "the secret $1 cannot be read." 'create it in the folder HMA_SECRETS.'
  value=$(cat "$secrets/$1")
  [ -n "$value" ] || die 2 "the secret $1 is empty." 'write it into that file.'
  printf '%s' "$value"
}

# The rules of S3: the store would create some other names, and no client could use them.
legal() {
  case $1 in
    *[!a-z0-9.-]* | [!a-z0-9]* | *[!a-z0-9] | *..* | *.-* | *-.* | xn--* | sthree-* | *-s3alias) return 1 ;;
  esac
  [ "${#1}" -ge 3 ] && [ "${#1}" -le 63 ] && ! printf '%s' "$1" | grep -Eq '^[0-9]+(\.[0-9]+){3}$'
}

for taken in "$HMA_BACKUP_BUCKET" "$HMA_ARCHIVE_BUCKET"; do
  [ "${HMA_BUCKET:-}" != "$taken" ] || die 2 "HMA_BUCKET=$HMA_BUCKET is a bucket of the backups." 'choose another name for it.'
done
legal "${HMA_BUCKET:-}" ||
  die 2 "HMA_BUCKET=${HMA_BUCKET:-} is not a legal bucket name." 'use 3 to 63 lower case letters, digits and hyphens.'
root_user=$(secret minio-root-user)
root_password=$(secret minio-root-password)
key_id=$(secret bucket-key-id)
key_secret=$(secret bucket-key-secret)
backup_key_id=$(secret backup-key-id)
backup_key_secret=$(secret backup-key-secret)
archive_key_id=$(secret archive-key-id)
archive_key_secret=$(secret archive-key-secret)

# keys ID SECRET: on two lines of standard input, as the client reads them, so that no process list shows them.
keys() { printf '%s\n%s\n' "$1" "$2"; }

# alias_of NAME ID SECRET: an entry of the client's configuration file, as JSON.
alias_of() {
  quoted_id=$(quoted "$2")
  quoted_secret=$(quoted "$3")
  printf '"%s": {"url": "%s", "accessKey": "%s", "secretKey": "%s", "api": "S3v4", "path": "auto"}' "$1" "$store" \
    "$quoted_id" "$quoted_secret"
}

quoted() { printf '%s' "$1" | sed 's/[\\"]/\\&/g'; }

root=$(alias_of root "$root_user" "$root_password")
application=$(alias_of application "$key_id" "$key_secret")
backup=$(alias_of backup "$backup_key_id" "$backup_key_secret")
archive=$(alias_of archive "$archive_key_id" "$archive_key_secret")
printf '{"version": "10", "aliases": {%s, %s, %s, %s}}\n' "$root" "$application" "$backup" "$archive" >"$home/config.json"

# policy BUCKET [STATEMENT,]: everything but to remove a version.
policy() {
  cat <<JSON
{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Resource": "arn:aws:s3:::$1", "Action": ["s3:GetBucketLocation", "s3:GetBucketVersioning",
    "s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"]},
  {"Effect": "Allow", "Resource": "arn:aws:s3:::$1/*", "Action": ["s3:GetObject", "s3:GetObjectVersion",
    "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"]},
  ${2-}
  {"Effect": "Deny", "Resource": "arn:aws:s3:::$1/*", "Action": ["s3:DeleteObjectVersion"]}
]}
JSON
}

import_rules() { mc ilm rule import "root/$1" <"$2"; }

may_list() { printf '{"Effect": "Allow", "Resource": "arn:aws:s3:::%s", "Action": ["s3:ListBucketVersions"]},' "$1"; }

# To attach a policy again is an error with a code of its own, and is accepted here.
attach() {
  output=$(mc --json admin policy attach root "$1" --user "$2" 2>&1) && return
  case $output in *PolicyChangeAlreadyApplied*) return ;; esac
  printf '%s\n' "$output" >&2
  return 1
}

# create BUCKET SECRETS POLICY ID KEY: the bucket, and its key, whose secret files are called SECRETS-id and SECRETS-secret. The
# policy is in the file POLICY.json, and its name is the name of the client's alias.
create() {
  bucket=$1 secrets_name=$2 policy_name=$3 id=$4 key=$5
  attempt 1 "$bucket cannot be created with minio-root-user and minio-root-password." \
    'where it refuses the key, use the values that it was started with; else read its log.' mc mb --ignore-existing "root/$bucket"
  attempt 1 "$bucket cannot be versioned." 'read the log of minio.' mc version enable "root/$bucket"
  attempt 1 "$bucket cannot be made private." 'read the log of minio.' mc anonymous set none "root/$bucket"

  # One policy name for every bucket name: a key that gets access to another bucket loses access to the one before.
  attempt 1 "the policy of $bucket is refused." 'read the log of minio.' \
    mc admin policy create root "$policy_name" "$home/$policy_name.json"
  keys "$id" "$key" | attempt 2 "the object store does not accept $secrets_name-id and $secrets_name-secret." \
    'an id has at least 3 characters, a secret at least 8.' mc admin user add root
  attempt 1 "the policy cannot be attached to $secrets_name-id." 'read the log of minio.' attach "$policy_name" "$id"

  # A replaced key loses its access.
  users=$(mc --json admin user ls root) || die 1 'the keys of the store cannot be listed.' 'read the log of minio.'
  old_keys=$(printf '%s\n' "$users" | sed -n "/\"policyName\":\"$policy_name\"/s/.*\"accessKey\":\"\([^\"]*\)\".*/\1/p")
  for old in $old_keys; do
    [ "$old" = "$id" ] || attempt 1 "the old key $old cannot be removed." 'read the log of minio.' mc admin user rm root "$old"
  done

  # Verified with its own key.
  mc version info "$policy_name/$bucket" | grep -q 'versioning is enabled' ||
    die 1 "$bucket is not versioned, or not visible to $secrets_name-id." 'read the log of minio.'
  printf 'bucket: %s exists, private and versioned.\n' "$bucket"
}

policy "$HMA_BUCKET" >"$home/application.json"
create "$HMA_BUCKET" bucket-key application "$key_id" "$key_secret"

# keep_removed BUCKET: what was removed or overwritten by mistake can be brought back for so long.
keep_removed() {
  printf '{"Rules": [{"ID": "removed", "Status": "Enabled", "Filter": {"Prefix": ""}, "NoncurrentVersionExpiration":
    {"NoncurrentDays": 30}, "Expiration": {"ExpiredObjectDeleteMarker": true}}]}' >"$home/removed.json"
  attempt 1 "$1 cannot have a rule for removed objects." 'read the log of minio.' import_rules "$1" "$home/removed.json"
}

lists=$(may_list "$HMA_BUCKET")
policy "$HMA_BACKUP_BUCKET" "$lists" >"$home/backup.json"
create "$HMA_BACKUP_BUCKET" backup-key backup "$backup_key_id" "$backup_key_secret"
keep_removed "$HMA_BACKUP_BUCKET"

[ "$HMA_ARCHIVE" = on ] || exit 0
policy "$HMA_ARCHIVE_BUCKET" >"$home/archive.json"
create "$HMA_ARCHIVE_BUCKET" archive-key archive "$archive_key_id" "$archive_key_secret"
keep_removed "$HMA_ARCHIVE_BUCKET"
