import { edit, edits, faults } from '../harness/setup.ts'

const BASE = 'docker/docker-compose.yml'
const BUCKET = 'docker/bucket.sh'

export default faults([
  {
    criterion: 'A1.3.1',
    breaks: 'the store is looked for under a guessed name',
    plant: edit(BUCKET, 'store=http://minio:9000', 'store=http://hma-test-minio-1:9000'),
  },
  {
    criterion: 'A1.3.1',
    breaks: 'the open network is taken',
    plant: edit(
      BASE,
      'depends_on: { minio: { condition: service_healthy } }\n    networks: [data]',
      'depends_on: { minio: { condition: service_healthy } }\n    networks: [edge]',
    ),
  },
  {
    criterion: 'A1.3.2',
    breaks: 'a bucket that is there is an error',
    plant: edit(BUCKET, 'mc mb --ignore-existing', 'mc mb'),
  },
  {
    criterion: 'A1.3.2',
    breaks: 'a failure counts as done',
    plant: edit(BUCKET, '"$2" "$3" >&2\n  exit "$1"', '"$2" "$3" >&2\n  exit 0'),
  },
  {
    criterion: 'A1.3.2',
    breaks: 'a failure does not say which key',
    plant: edit(BUCKET, 'no such bucket-key-id and bucket-key-secret', 'no such key'),
  },
  {
    criterion: 'A1.3.2',
    breaks: 'a name of two letters is legal',
    plant: edit(BUCKET, '[ "${#1}" -ge 3 ]', '[ "${#1}" -ge 2 ]'),
  },
  {
    criterion: 'A1.3.2',
    breaks: 'a name of 63 letters is not',
    plant: edit(BUCKET, '[ "${#1}" -le 63 ]', '[ "${#1}" -lt 63 ]'),
  },
  {
    criterion: 'A1.3.2',
    breaks: 'what stands on the bucket does not wait for it',
    plant: edit(
      BASE,
      'bucket: { condition: service_completed_successfully }',
      'bucket: { condition: service_started }',
    ),
  },
  {
    criterion: 'A1.3.3',
    breaks: 'everybody may read',
    plant: edit(BUCKET, 'mc anonymous set none', 'mc anonymous set download'),
  },
  {
    criterion: 'A1.3.3',
    breaks: 'no version is kept',
    plant: edits(
      { file: BUCKET, find: 'mc version enable', replace: 'mc stat' },
      { file: BUCKET, find: "grep -q 'versioning is enabled'", replace: 'cat' },
    ),
  },
  {
    criterion: 'A1.3.3',
    breaks: 'the key reaches every bucket',
    plant: edit(
      BUCKET,
      '"arn:aws:s3:::$HMA_BUCKET/*", "Action": ["s3:GetObject"',
      '"arn:aws:s3:::*", "Action": ["s3:GetObject"',
    ),
  },
  {
    criterion: 'A1.3.3',
    breaks: 'the key may destroy versions',
    plant: edit(BUCKET, '"Effect": "Deny"', '"Effect": "Allow"'),
  },
  {
    criterion: 'A1.3.3',
    breaks: 'an old key still opens',
    plant: edit(BUCKET, '[ "$old" = "$key_id" ] ||', 'true ||'),
  },
])
