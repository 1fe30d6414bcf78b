import { edit, faults } from '../harness/setup.ts'

const RETENTION = 'ops/backup/retention.ts'
const PRUNE = 'ops/backup/prune.ts'

export default faults({
  'G1.2.1': {
    'days are counted from today, so that an outage ages everything': edit(
      RETENTION,
      'const all = backups.toSorted',
      'const all = backups.filter(({ takenAt }) => now.getTime() - takenAt.getTime() < 200 * 86_400_000).toSorted',
    ),
    'the oldest backup of a period stays': edit(
      RETENTION,
      '.flatMap(([newest]) => (newest === undefined ? [] : [newest]))',
      '.flatMap((all) => all.slice(-1))',
    ),
    'of one day that backup counts as the newest that was made last, although a clock that was set back named it earlier':
      edit(
        RETENTION,
        'other.takenAt.getTime() - one.takenAt.getTime()',
        'Math.floor(other.takenAt.getTime() / 86_400_000) - Math.floor(one.takenAt.getTime() / 86_400_000)',
      ),
    'a day is a day of UTC': edit(RETENTION, '{ timeZone, dateStyle', "{ timeZone: 'UTC', dateStyle"),
    'a day is 24 hours of winter time': edit(
      RETENTION,
      '{ timeZone, dateStyle',
      "{ timeZone: 'Etc/GMT-1', dateStyle",
    ),
    'a week begins on Sunday': edit(RETENTION, 'getUTCDay() + 6', 'getUTCDay()'),
    'months of different years are the same': edit(RETENTION, 'slice(0, 7)', 'slice(5, 7)'),
    'unverified backups are counted': edit(
      RETENTION,
      'return isVerified && !isDisproven',
      'return !isDisproven',
    ),
    'one week too few stays': edit(RETENTION, 'policy.weekly,', 'policy.weekly - 1,'),
    'what an upload left is never removed': edit(RETENTION, "hasManifest ? ['damaged'] : []", "['damaged']"),
    'a backup that is not understood is removed': edit(RETENTION, "hasManifest ? ['damaged'] : []", '[]'),
    'a backup whose manifest was cut to nothing counts as what an upload left': edit(
      'ops/backup/backups.ts',
      "find('manifest') !== undefined",
      "(find('manifest')?.bytes ?? 0) > 0",
    ),
    'weeks and months are exchanged': edit(
      PRUNE,
      'keep: [daily, weekly, monthly], acceptSize',
      'keep: [daily, monthly, weekly], acceptSize',
    ),
    'the zone of the service is not passed on': edit('ops/backup/main.ts', 'zoneFrom(process.env)', "'UTC'"),
    'the service does not get how many to keep': edit(
      'docker/docker-compose.yml',
      '      HMA_BACKUP_KEEP: ${HMA_BACKUP_KEEP:-7,4,6}\n',
      '',
    ),
    'the script makes a backup instead': edit(
      'scripts/backup-prune.sh',
      'stack/backup/main.ts" backup-prune',
      'stack/backup/main.ts" backup',
    ),
    'the dry run removes': edit(PRUNE, 'if (!dryRun) await', 'await'),
    'the report of its restore test stays of a removed backup': edit(
      'ops/backup/backups.ts',
      "for (const file of ['manifest', 'dump', 'restoreTest'] as const)",
      "for (const file of ['manifest', 'dump'] as const)",
    ),
    'a removal leaves no line': edit(
      PRUNE,
      "      write(`${dryRun ? 'would",
      "      void (`${dryRun ? 'would",
    ),
  },
})
