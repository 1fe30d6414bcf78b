import { edit, edits, faults } from '../harness/setup.ts'

const BASE = 'docker/docker-compose.yml'
const BUCKET = 'docker/bucket.sh'

export default faults({
  'A1.3.1': {
    'the store is addressed by the name of one project': edit(
      BUCKET,
      'store=http://minio:9000',
      'store=http://hma-test-minio-1:9000',
    ),
    'the service uses the edge network': edit(
      BASE,
      'depends_on: { minio: { condition: service_healthy } }\n    networks: [data]',
      'depends_on: { minio: { condition: service_healthy } }\n    networks: [edge]',
    ),
  },
  'A1.3.2': {
    'an existing bucket is an error': edit(BUCKET, 'mc mb --ignore-existing', 'mc mb'),
    'a failure exits with 0': edit(BUCKET, '"$2" "$3" >&2\n  exit "$1"', '"$2" "$3" >&2\n  exit 0'),
    'the error does not name the secrets': edit(
      BUCKET,
      'does not accept $secrets_name-id and $secrets_name-secret',
      'does not accept the key',
    ),
    'the key of the archive is called that of the backups': edit(
      BUCKET,
      'create "$HMA_ARCHIVE_BUCKET" archive-key archive',
      'create "$HMA_ARCHIVE_BUCKET" backup-key archive',
    ),
    'a name of two characters is accepted': edit(BUCKET, '[ "${#1}" -ge 3 ]', '[ "${#1}" -ge 2 ]'),
    'the bucket of the backups is accepted': edit(BUCKET, '!= "$taken" ] ||', '!= "" ] ||'),
    'a name that S3 reserves is accepted': edit(BUCKET, ' | xn--* | sthree-* | *-s3alias)', ')'),
    'each run gives the key one more policy': edit(
      BUCKET,
      '  output=$(mc --json admin policy attach root',
      `  more=more-$(date +%s) && mc admin policy create root "$more" "$home/$1.json" && mc admin policy attach root "$more" --user "$2"
  output=$(mc --json admin policy attach root`,
    ),
    'each start replaces the lifecycle rules of the application bucket by those of the backups': edit(
      BUCKET,
      'keep_removed "$HMA_BACKUP_BUCKET"\n',
      'keep_removed "$HMA_BACKUP_BUCKET"\nkeep_removed "$HMA_BUCKET"\n',
    ),
    'a second start takes the tags of the bucket away': edit(
      BUCKET,
      'mc anonymous set none "root/$bucket"\n',
      'mc anonymous set none "root/$bucket"\n  mc tag remove "root/$bucket" >/dev/null\n',
    ),
    'a name of 63 characters is refused': edit(BUCKET, '[ "${#1}" -le 63 ]', '[ "${#1}" -lt 63 ]'),
    'a dependent service does not wait for the bucket': edit(
      BASE,
      'bucket: { condition: service_completed_successfully }\n    networks: [data, edge]',
      'bucket: { condition: service_started }\n    networks: [data, edge]',
    ),
  },
  'A1.3.3': {
    'the key may let every object expire': edit(
      BUCKET,
      '"s3:ListBucketMultipartUploads"',
      '"s3:ListBucketMultipartUploads", "s3:PutLifecycleConfiguration"',
    ),
    'everybody can read': edit(BUCKET, 'mc anonymous set none', 'mc anonymous set download'),
    'versioning is off': edits(
      { file: BUCKET, find: 'mc version enable', replace: 'mc stat' },
      { file: BUCKET, find: "grep -q 'versioning is enabled'", replace: 'cat' },
    ),
    'the key has access to every bucket': edit(
      BUCKET,
      '"arn:aws:s3:::$1/*", "Action": ["s3:GetObject"',
      '"arn:aws:s3:::*", "Action": ["s3:GetObject"',
    ),
    'the key can delete versions': edit(BUCKET, '"Effect": "Deny"', '"Effect": "Allow"'),
    'a replaced key keeps its access': edit(BUCKET, '[ "$old" = "$id" ] ||', 'true ||'),
  },
})
