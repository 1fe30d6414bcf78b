import { edit, faults } from '../harness/setup.ts'

const BUCKET = 'docker/bucket.sh'
const POLICY = '"$lists" >"$home/backup.json"'
const withPolicy = (change: string) => edit(BUCKET, POLICY, `"$lists" | sed '${change}' >"$home/backup.json"`)

export default faults({
  'A1.3.3': {
    'the key of the backups can remove versions of backups': withPolicy('s/"Deny"/"Allow"/'),
    'the key of the backups may let every backup expire': withPolicy(
      's/"s3:ListBucket",/"s3:ListBucket", "s3:PutLifecycleConfiguration",/',
    ),
    'the versioning of the backups is suspended': edit(
      BUCKET,
      'keep_removed "$HMA_BACKUP_BUCKET"\n',
      'keep_removed "$HMA_BACKUP_BUCKET"\nmc version suspend "root/$HMA_BACKUP_BUCKET"\n',
    ),
    'what was removed is kept for three days': edit(
      BUCKET,
      '{"NoncurrentDays": 30}',
      '{"NoncurrentDays": 3}',
    ),
    'backups that were removed are kept for ever': edit(BUCKET, 'keep_removed "$HMA_BACKUP_BUCKET"\n', ''),
    'each backup ends after thirty days': edit(
      BUCKET,
      '"Expiration": {"ExpiredObjectDeleteMarker": true}',
      '"Expiration": {"Days": 30}',
    ),
  },
})
