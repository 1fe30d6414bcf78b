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
      'const verified = all.filter(({ isVerified }) => isVerified)',
      'const verified = all',
    ),
    'one week too few stays': edit(RETENTION, 'policy.weekly,', 'policy.weekly - 1,'),
    'what an upload left is never removed': edit(RETENTION, "hasManifest ? ['damaged'] : []", "['damaged']"),
    'a backup that is not understood is removed': edit(RETENTION, "hasManifest ? ['damaged'] : []", '[]'),
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
    'a removal leaves no line': edit(
      PRUNE,
      "      write(`${dryRun ? 'would",
      "      void (`${dryRun ? 'would",
    ),
  },
  'G1.2.2': {
    'nothing but the policy keeps a backup': edit(PRUNE, 'newest: NEWEST', 'newest: 0'),
    'two of the newest stay': edit(
      RETENTION,
      'verified.slice(0, policy.newest)',
      'verified.slice(0, policy.newest - 1)',
    ),
    'a newest backup without verification is no reason to stop': edit(
      RETENTION,
      'if (!newest.isVerified)',
      'if (newest.isVerified && newest.bytes < 0)',
    ),
    'only an incomplete newest backup is a reason': edit(
      RETENTION,
      'if (!newest.isVerified)',
      'if (!newest.hasManifest)',
    ),
    'the size is not looked at': edit(RETENTION, 'if (!acceptSize && usual', 'if (acceptSize && usual'),
    'a quarter of the usual size is enough': edit(
      RETENTION,
      'SUSPICIOUS_SHARE = 0.5',
      'SUSPICIOUS_SHARE = 0.25',
    ),
    'the size is compared with the average': edit(
      RETENTION,
      'numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)]',
      'numbers.length === 0 ? undefined : numbers.reduce((sum, one) => sum + one, 0) / numbers.length',
    ),
    'a clock that was set back is not noticed': edit(
      RETENTION,
      '> now.getTime() + CLOCKS_DIFFER_MS',
      '> now.getTime() + 86_400_000 * 365',
    ),
    'clocks may differ by half a day': edit(
      RETENTION,
      'CLOCKS_DIFFER_MS = 5 * 60_000',
      'CLOCKS_DIFFER_MS = 12 * 3_600_000',
    ),
    'clocks may not differ at all': edit(RETENTION, 'CLOCKS_DIFFER_MS = 5 * 60_000', 'CLOCKS_DIFFER_MS = 0'),
    'a refused command removes first': edit(RETENTION, '  requireTrust(all, policy, now)\n', ''),
  },
})
