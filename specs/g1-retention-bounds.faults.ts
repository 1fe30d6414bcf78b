import { edit, faults } from '../harness/setup.ts'

const RETENTION = 'ops/backup/retention.ts'
const PRUNE = 'ops/backup/prune.ts'

export default faults({
  'G1.2.2': {
    'nothing but the policy keeps a backup': edit(PRUNE, 'newest: NEWEST', 'newest: 0'),
    'two of the newest stay': edit(
      RETENTION,
      'verified.slice(0, policy.newest)',
      'verified.slice(0, policy.newest - 1)',
    ),
    'of the three newest verified backups those that are of one day are removed except for the last': edit(
      RETENTION,
      "add(verified.slice(0, policy.newest), 'newest')",
      "add(newestOfEach(verified, policy.newest, dayOf), 'newest')",
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
    'who accepts a small backup accepts one that is not verified': edit(
      RETENTION,
      'if (!newest.isVerified)',
      'if (!acceptSize && !newest.isVerified)',
    ),
    'a failed restore test is no reason to stop': edit(
      RETENTION,
      'if (newest.isDisproven)',
      'if (newest.isDisproven && !newest.hasManifest)',
    ),
    'the report of a restore test is not read': edit(
      'ops/backup/backups.ts',
      '.isProven === false\n',
      '.isProven === null\n',
    ),
    'a backup that failed its restore test keeps its day': edit(
      RETENTION,
      'return isVerified && !isDisproven',
      'return isVerified && (!isDisproven || true)',
    ),
    'a backup that failed its restore test is removed': edit(
      RETENTION,
      "return hasManifest ? ['damaged'] : []",
      "return hasManifest && hasManifest === undefined ? ['damaged'] : []",
    ),
    'the newest backup is not read before older ones are removed': edit(
      PRUNE,
      'if (remove.length > 0) await',
      'if (remove.length < 0) await',
    ),
    'of the newest backup the size alone is compared': edit(
      PRUNE,
      'stored.sha256 === manifest?.dump.sha256',
      'stored.bytes === manifest?.dump.bytes',
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
