import { edit, faults } from '../harness/setup.ts'

const LOAD = 'ops/backup/load.ts'

export default faults({
  'G1.0.1': {
    'privileges are not restored': edit(
      LOAD,
      "['--exit-on-error', ",
      "['--exit-on-error', '--no-privileges', ",
    ),
    'who may connect is not restored': edit(
      LOAD,
      'for (const { role, privilege } of access)',
      'for (const { role, privilege } of access.slice(0, 0))',
    ),
    'what follows the rows is not restored': edit(
      LOAD,
      "['--exit-on-error', ",
      "['--exit-on-error', '--section=pre-data', '--section=data', ",
    ),
    'one table is left out of the dump': edit(
      'ops/backup/dump.ts',
      "'--format=custom', ",
      "'--format=custom', '--exclude-table-data=auth.users', ",
    ),
    'the rows of one table more are left out of the dump': edit(
      'ops/backup/dump.ts',
      "'--format=custom', ",
      "'--format=custom', '--exclude-table-data=auth.sessions', ",
    ),
    'the trial of the application keeps the numbers that it drew': edit(
      'ops/backup/compare.ts',
      'for (const { sequence, value, used } of before)',
      'for (const { sequence, value, used } of before.slice(0, 0))',
    ),
    'the roles are not created': edit(
      LOAD,
      'await ensureRoles(server, readPrelude(MIGRATIONS).roles, passwords)',
      '',
    ),
  },
  'G1.0.2': {
    'the application gets no password': edit(
      LOAD,
      'readPrelude(MIGRATIONS).roles, passwords)',
      'readPrelude(MIGRATIONS).roles, {})',
    ),
    'the ledger is left out of the dump': edit(
      'ops/backup/dump.ts',
      "'--format=custom', ",
      "'--format=custom', '--exclude-table-data=ops.schema_migration', ",
    ),
  },
})
