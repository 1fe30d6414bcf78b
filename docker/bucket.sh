#!/bin/sh
# Creates the application's bucket: private, versioned, with one key that has access to this bucket only. Idempotent. A one-shot
# service in the stack's network, in the object store's image. Reads HMA_BUCKET and the secrets.
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

# attempt CODE WHAT NEXT COMMAND...: prints the command's output only when it fails. Secrets are passed on standard input.
attempt() {
  code=$1 what=$2 next=$3
  shift 3
  output=$("$@" 2>&1) && return
  printf '%s\n' "$output" | grep -v '^{' | head -n 3 >&2
  die "$code" "$what" "$next"
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

legal "${HMA_BUCKET:-}" ||
  die 2 "HMA_BUCKET=${HMA_BUCKET:-} is not a legal bucket name." 'use 3 to 63 lower case letters, digits and hyphens.'
root_user=$(secret minio-root-user)
root_password=$(secret minio-root-password)
key_id=$(secret bucket-key-id)
key_secret=$(secret bucket-key-secret)

# keys ID SECRET: on two lines of standard input, as the client reads them, so that no process list shows them.
keys() { printf '%s\n%s\n' "$1" "$2"; }

# alias_of NAME ID SECRET: an entry of the client's configuration file, as JSON.
alias_of() {
  printf '"%s": {"url": "%s", "accessKey": "%s", "secretKey": "%s", "api": "S3v4", "path": "auto"}' "$1" "$store" \
    "$(quoted "$2")" "$(quoted "$3")"
}

quoted() { printf '%s' "$1" | sed 's/[\\"]/\\&/g'; }

printf '{"version": "10", "aliases": {%s, %s}}\n' "$(alias_of root "$root_user" "$root_password")" \
  "$(alias_of application "$key_id" "$key_secret")" >"$home/config.json"

policy() {
  cat <<JSON
{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Resource": "arn:aws:s3:::$HMA_BUCKET", "Action": ["s3:GetBucketLocation", "s3:GetBucketVersioning",
    "s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"]},
  {"Effect": "Allow", "Resource": "arn:aws:s3:::$HMA_BUCKET/*", "Action": ["s3:GetObject", "s3:GetObjectVersion",
    "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"]},
  {"Effect": "Deny", "Resource": "arn:aws:s3:::$HMA_BUCKET/*", "Action": ["s3:DeleteObjectVersion"]}
]}
JSON
}

# To attach a policy again is an error with a code of its own, and is accepted here.
attach() {
  output=$(mc --json admin policy attach root "$1" --user "$2" 2>&1) && return
  case $output in *PolicyChangeAlreadyApplied*) return ;; esac
  printf '%s\n' "$output" >&2
  return 1
}

# The first request to the store, which shows whether it accepts the keys.
attempt 1 "$HMA_BUCKET cannot be created with minio-root-user and minio-root-password." \
  'use the values that minio was started with, or start it again.' mc mb --ignore-existing "root/$HMA_BUCKET"
attempt 1 "$HMA_BUCKET cannot be versioned." 'read the log of minio.' mc version enable "root/$HMA_BUCKET"
attempt 1 "$HMA_BUCKET cannot be made private." 'read the log of minio.' mc anonymous set none "root/$HMA_BUCKET"

# One policy name for every bucket: a key that gets access to another bucket loses access to the one before.
policy >"$home/policy.json"
attempt 1 "the policy of $HMA_BUCKET is refused." 'read the log of minio.' \
  mc admin policy create root application "$home/policy.json"
keys "$key_id" "$key_secret" | attempt 2 'the object store does not accept bucket-key-id and bucket-key-secret.' \
  'an id has at least 3 characters, a secret at least 8.' mc admin user add root
attempt 1 'the policy cannot be attached to the key of the application.' 'read the log of minio.' attach application "$key_id"

# A replaced key loses its access.
for old in $(mc --json admin user ls root | sed -n '/"policyName":"application"/s/.*"accessKey":"\([^"]*\)".*/\1/p'); do
  [ "$old" = "$key_id" ] || attempt 1 "the old key $old cannot be removed." 'read the log of minio.' mc admin user rm root "$old"
done

# Verified with the application's own key.
mc version info "application/$HMA_BUCKET" | grep -q 'versioning is enabled' ||
  die 1 "$HMA_BUCKET is not versioned, or not visible to bucket-key-id." 'read the log of minio.'
printf 'bucket: %s exists, private and versioned.\n' "$HMA_BUCKET"
