#!/bin/sh
# Makes the bucket of the application, again and again with the same result: private, versioned, and one key that reaches
# this bucket alone. Runs once in the stack's own network, in the object store's image. Reads HMA_BUCKET and the secrets.
# Exit codes: 0 done, and seen to be so · 1 the store refused · 2 an illegal name or key.
set -eu
umask 077

store=http://minio:9000
secrets=/run/secrets
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
export MC_CONFIG_DIR="$home" MC_NO_COLOR=1 MC_QUIET=1

# The client of itself tries for a minute to reach a store that is not there.
mc() { timeout 15 mc "$@"; }

# die CODE WHAT NEXT: one line; what the client said stands above it.
die() {
  printf 'bucket: %s Next: %s\n' "$2" "$3" >&2
  exit "$1"
}

# attempt CODE WHAT NEXT COMMAND...: what it says is shown only when it fails, in one line. Secrets come on standard input.
attempt() {
  code=$1 what=$2 next=$3
  shift 3
  said=$("$@" 2>&1) && return
  printf '%s\n' "$said" | grep -v '^{' | head -n 3 >&2
  die "$code" "$what" "$next"
}

secret() {
  [ -r "$secrets/$1" ] || die 2 "the secret $1 cannot be read." 'make it in the folder that HMA_SECRETS names.'
  value=$(cat "$secrets/$1")
  [ -n "$value" ] || die 2 "the secret $1 is empty." 'write it into that file.'
  printf '%s' "$value"
}

# As S3 has it; the store itself would make some of these and no client could reach them.
legal() {
  case $1 in
    *[!a-z0-9.-]* | [!a-z0-9]* | *[!a-z0-9] | *..* | *.-* | *-.* | xn--* | sthree-* | *-s3alias) return 1 ;;
  esac
  [ "${#1}" -ge 3 ] && [ "${#1}" -le 63 ] && ! printf '%s' "$1" | grep -Eq '^[0-9]+(\.[0-9]+){3}$'
}

legal "${HMA_BUCKET:-}" ||
  die 2 "HMA_BUCKET=${HMA_BUCKET:-} is no legal name of a bucket." 'use 3 to 63 lower case letters, digits and hyphens.'
root_user=$(secret minio-root-user)
root_password=$(secret minio-root-password)
key_id=$(secret bucket-key-id)
key_secret=$(secret bucket-key-secret)

# keys ID SECRET: as the client asks for them, on standard input, so that no process list shows them.
keys() { printf '%s\n%s\n' "$1" "$2"; }

# alias NAME ID SECRET: an entry of the client's own file, for JSON.
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

# Attaching what is attached is refused; that refusal has a code of its own.
attach() {
  said=$(mc --json admin policy attach root "$1" --user "$2" 2>&1) && return
  case $said in *PolicyChangeAlreadyApplied*) return ;; esac
  printf '%s\n' "$said" >&2
  return 1
}

# The first word to the store tells whether it takes the keys.
attempt 1 "$HMA_BUCKET cannot be made with minio-root-user and minio-root-password." \
  'give them as minio was started with them, or start it again.' mc mb --ignore-existing "root/$HMA_BUCKET"
attempt 1 "$HMA_BUCKET keeps no versions." 'look at minio.' mc version enable "root/$HMA_BUCKET"
attempt 1 "$HMA_BUCKET cannot be made private." 'look at minio.' mc anonymous set none "root/$HMA_BUCKET"

# One policy, whatever the bucket is called: a key that is given another bucket loses the one before.
policy >"$home/policy.json"
attempt 1 "the policy of $HMA_BUCKET is refused." 'look at minio.' \
  mc admin policy create root application "$home/policy.json"
keys "$key_id" "$key_secret" | attempt 2 'the object store takes no such bucket-key-id and bucket-key-secret.' \
  'an id has at least 3 characters, a secret at least 8.' mc admin user add root
attempt 1 'the key of the application gets no policy.' 'look at minio.' attach application "$key_id"

# A key that was replaced opens nothing any more.
for old in $(mc --json admin user ls root | sed -n '/"policyName":"application"/s/.*"accessKey":"\([^"]*\)".*/\1/p'); do
  [ "$old" = "$key_id" ] || attempt 1 "the old key $old cannot be removed." 'look at minio.' mc admin user rm root "$old"
done

# What the application will meet, seen with its own key.
mc version info "application/$HMA_BUCKET" | grep -q 'versioning is enabled' ||
  die 1 "$HMA_BUCKET is not there and versioned for bucket-key-id." 'look at minio.'
printf 'bucket: %s is there, private and versioned.\n' "$HMA_BUCKET"
