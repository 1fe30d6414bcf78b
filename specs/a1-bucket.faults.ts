import { edit, edits, faults } from '../harness/setup.ts'

const BASE = 'docker/docker-compose.yml'
const BUCKET = 'docker/bucket.sh'

export default faults({
  'A1.3.1': {
    'the store is looked for under a guessed name': edit(
      BUCKET,
      'store=http://minio:9000',
      'store=http://hma-test-minio-1:9000',
    ),
    'the open network is taken': edit(
      BASE,
      'depends_on: { minio: { condition: service_healthy } }\n    networks: [data]',
      'depends_on: { minio: { condition: service_healthy } }\n    networks: [edge]',
    ),
  },
  'A1.3.2': {
    'a bucket that is there is an error': edit(BUCKET, 'mc mb --ignore-existing', 'mc mb'),
    'a failure counts as done': edit(BUCKET, '"$2" "$3" >&2\n  exit "$1"', '"$2" "$3" >&2\n  exit 0'),
    'a failure does not say which key': edit(
      BUCKET,
      'no such bucket-key-id and bucket-key-secret',
      'no such key',
    ),
    'a name of two letters is legal': edit(BUCKET, '[ "${#1}" -ge 3 ]', '[ "${#1}" -ge 2 ]'),
    'a name of 63 letters is not': edit(BUCKET, '[ "${#1}" -le 63 ]', '[ "${#1}" -lt 63 ]'),
    'what stands on the bucket does not wait for it': edit(
      BASE,
      'bucket: { condition: service_completed_successfully }',
      'bucket: { condition: service_started }',
    ),
  },
  'A1.3.3': {
    'everybody may read': edit(BUCKET, 'mc anonymous set none', 'mc anonymous set download'),
    'no version is kept': edits(
      { file: BUCKET, find: 'mc version enable', replace: 'mc stat' },
      { file: BUCKET, find: "grep -q 'versioning is enabled'", replace: 'cat' },
    ),
    'the key reaches every bucket': edit(
      BUCKET,
      '"arn:aws:s3:::$HMA_BUCKET/*", "Action": ["s3:GetObject"',
      '"arn:aws:s3:::*", "Action": ["s3:GetObject"',
    ),
    'the key may destroy versions': edit(BUCKET, '"Effect": "Deny"', '"Effect": "Allow"'),
    'an old key still opens': edit(BUCKET, '[ "$old" = "$key_id" ] ||', 'true ||'),
  },
})
