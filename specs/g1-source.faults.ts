import { edit, faults } from '../harness/setup.ts'

const PREFLIGHT = 'ops/backup/preflight.ts'

export default faults({
  'G1.1.4': {
    'any database is accepted': edit(PREFLIGHT, 'if (migrations === 0)', 'if (migrations < 0)'),
    'tables without a ledger are enough': edit(
      PREFLIGHT,
      'tables < FEWEST_TABLES ? 0 : await countMigrations(client)',
      'tables < FEWEST_TABLES ? 0 : 1',
    ),
    'a login that may become the owner is accepted': edit(
      PREFLIGHT,
      'rolbypassrls as "seesAllRows"',
      `(rolbypassrls or pg_has_role(oid, 'hma_owner', 'member')) as "seesAllRows"`,
    ),
    'a filtered login is accepted': edit(PREFLIGHT, 'if (!seesAllRows)', 'if (false)'),
    'a superuser is accepted': edit(PREFLIGHT, 'if (isSuperuser)', 'if (false)'),
    'an older client is accepted': edit(PREFLIGHT, '!(major >= serverMajor)', 'false'),
    'a newer client is refused': edit(PREFLIGHT, '!(major >= serverMajor)', 'major !== serverMajor'),
  },
})
