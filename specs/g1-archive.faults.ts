import { edit, faults, sql } from '../harness/setup.ts'
import { changedEntrypoint } from './vocabulary/changed-entrypoint.ts'

const BASE = 'docker/docker-compose.yml'
const BUCKET = 'docker/bucket.sh'
const CONFIGURATION = 'docker/archive/pgbackrest.conf'
const WRAPPER = 'docker/archive/pgbackrest.sh'
const CLUSTER = 'stack/archive/cluster.ts'
const RESTORE = 'stack/archive/restore.ts'

export default faults({
  'G1.3.3': {
    'a live database is replaced without a confirmation': edit(
      RESTORE,
      'cluster === undefined || confirm === database',
      'cluster === undefined || database',
    ),
    'a live database whose server is stopped is replaced without a confirmation': edit(
      RESTORE,
      '  requireConfirmed(settings, await describeCluster(shell), confirm)\n',
      '  if ((await runningServer(settings)) !== undefined)\n    requireConfirmed(settings, await describeCluster(shell), confirm)\n',
    ),
    'a restore to a moment accepts a confirmation that names another database': edit(
      RESTORE,
      'cluster === undefined || confirm === database',
      'cluster === undefined || confirm !== undefined',
    ),
  },
  'G1.4.1': {
    'it archives without the opt-in': edit(
      BASE,
      'PGDATA: /var/lib/postgresql/17/data\n      HMA_ARCHIVE: ${HMA_ARCHIVE:-off}',
      'PGDATA: /var/lib/postgresql/17/data\n      HMA_ARCHIVE: "on"',
    ),
    'the bucket is there without the opt-in': edit(BUCKET, '[ "$HMA_ARCHIVE" = on ] || exit 0', ':'),
    'the archive reports success without taking anything': edit(
      WRAPPER,
      'exec pgbackrest --stanza=hma "$@"',
      '[ "$1" != archive-push ] || exit 0\nexec pgbackrest --stanza=hma "$@"',
    ),
    'its login may read files of the server': sql`grant execute on function pg_read_file(text) to hma_backup`,
    'its key has access to every bucket': edit(BUCKET, 'policy "$HMA_ARCHIVE_BUCKET" >', 'policy "*" >'),
    'the key of the backups may write to the archive': edit(
      BUCKET,
      '"$lists"',
      `"$lists"'{"Effect": "Allow", "Resource": "arn:aws:s3:::hma-archive/*", "Action": ["s3:PutObject"]},'`,
    ),
    'the store has one more key of the archive': edit(
      BUCKET,
      'keep_removed "$HMA_ARCHIVE_BUCKET"',
      'keep_removed "$HMA_ARCHIVE_BUCKET"\nkeys guest-key guest-secret | mc admin user add root\nattach archive guest-key',
    ),
    'the certificate of the store is not verified': edit(
      CONFIGURATION,
      'repo1-storage-verify-tls=y',
      'repo1-storage-verify-tls=n',
    ),
    'what the store does not take is dropped': edit(
      CONFIGURATION,
      'start-fast=y',
      'start-fast=y\narchive-push-queue-max=1MiB',
    ),
    'what the store does not take is dropped beyond eight segments': edit(
      CONFIGURATION,
      'archive-timeout=60\n',
      'archive-timeout=60\narchive-push-queue-max=128MB\n',
    ),
    'a quiet database archives once an hour': changedEntrypoint(
      's/archive_timeout=60 /archive_timeout=60min /',
    ),
    'the check does not see a failure': edit(
      'ops/archive/archiver.ts',
      "last_failed_time > coalesce(last_archived_time, '-infinity')",
      'last_failed_time is null',
    ),
    'the service does not ask whether the log is archived': edit(
      BASE,
      '      - --job=archive-check=* * * * *\n',
      '',
    ),
    'the service asks once a day whether the log is archived': edit(
      BASE,
      '--job=archive-check=* * * * *',
      '--job=archive-check=0 1 * * *',
    ),
    'the metric does not count what waits': edit(
      'docker/prometheus/queries.yml',
      "like '%.ready'",
      "like '%.done'",
    ),
    'a moment of the future is accepted': edit(RESTORE, 'moment.ms <= Date.now()', 'moment.ms > 0'),
    'a moment before the first backup is accepted': edit(
      RESTORE,
      'if (backup !== undefined) return backup',
      'return backup ?? oldest',
    ),
    'the newest state is restored': edit(CLUSTER, 'moment === undefined\n', 'moment !== null\n'),
    'a commit at the moment itself is left out': edit(
      CLUSTER,
      "'--target-timeline=current', '--target-action=promote'",
      "'--target-timeline=current', '--target-action=promote', '--target-exclusive'",
    ),
    'what is not archived yet is left out': edit(
      RESTORE,
      'if (server !== undefined) await step',
      'if (server === null) await step',
    ),
    'it follows the history of the newest restore': edit(
      CLUSTER,
      '--target-timeline=current',
      '--target-timeline=latest',
    ),
    'the archive keeps the log of the newest full backup alone, so that moments before it cannot be reached':
      edit(CONFIGURATION, 'repo1-retention-full=2\n', 'repo1-retention-full=2\nrepo1-retention-archive=1\n'),
    'Prometheus does not find the service of the archive': edit(
      'docker/prometheus/prometheus.yml',
      'names: [archive], type: A',
      'names: [archives], type: A',
    ),
    'the exporter measures no archive': edit(
      'docker/prometheus/queries.yml',
      "where name like '%.ready'",
      "where name like '%.waiting'",
    ),
    'a full backup removes the one before it': edit(
      CONFIGURATION,
      'repo1-retention-full=2\n',
      'repo1-retention-full=1\n',
    ),
    'the former data are removed': edit(CLUSTER, '[ ! -e ${DATA} ] || mv ${DATA} ${kept}', 'rm -rf ${DATA}'),
  },
})
