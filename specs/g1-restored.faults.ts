import { edit, faults } from '../harness/setup.ts'

const LOAD = 'ops/backup/load.ts'
const FILL = 'ops/backup/fill.ts'

export default faults({
  'G1.0.1': {
    'privileges are not restored': edit(
      FILL,
      "['--exit-on-error', ...ofRole",
      "['--exit-on-error', '--no-privileges', ...ofRole",
    ),
    'who may connect is not restored': edit(
      LOAD,
      'for (const { role, privilege } of access)',
      'for (const { role, privilege } of access.slice(0, 0))',
    ),
    'what PUBLIC may do on the database is not granted again': edit(
      'ops/backup/snapshot.ts',
      'left join pg_roles r on r.oid = a.grantee',
      'join pg_roles r on r.oid = a.grantee',
    ),
    'of the privileges on the database only the right to connect is granted again': edit(
      'ops/backup/snapshot.ts',
      'and a.grantee <> d.datdba) as access',
      "and a.grantee <> d.datdba and a.privilege_type = 'CONNECT') as access",
    ),
    'what follows the rows is not restored': edit(FILL, 'of [...rows, ...rest])', 'of rows)'),
    'the roles that may create something during a restore may do so afterwards': edit(
      FILL,
      '  await takeBack()\n',
      '',
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
    'a sequence that gave out no number has given out its first one': edit(
      'ops/backup/compare.ts',
      '[sequence, value, used])',
      '[sequence, value, true])',
    ),
    'a database is made with the provider of locales that the server has by itself': edit(
      LOAD,
      "const ofProvider = locale === null ? ''",
      "const ofProvider = locale !== undefined ? ''",
    ),
    'the provider of locales is not in the manifest': edit(
      'ops/backup/snapshot.ts',
      "when 'i' then 'icu' else 'libc' end",
      "else 'libc' end",
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
    'one grant of the application is dropped after the comparison, and the baseline agrees': edit(
      'ops/backup/restore.ts',
      '      const keptAs = await giveName(',
      `      const late = await connectForBackup(urlOf(url, temporary))
      const { saveBaseline } = await import('../../migrations/runner/drift.ts')
      await late.query('set event_triggers = off; revoke insert on auth.legal_acceptance from hma_app')
      await saveBaseline(late).finally(() => late.end())
      const keptAs = await giveName(`,
    ),
    'a migration that is newer than the backup makes it worthless': edit(
      'ops/backup/compare.ts',
      'const { edited, missing, interrupted } = await readMigrationState(connectAs)\n  const lists = { edited,',
      'const { pending, edited, missing, interrupted } = await readMigrationState(connectAs)\n  const lists = { pending, edited,',
    ),
    'rows and objects that were not compared are reported as agreeing': edit(
      'ops/backup/objects.ts',
      'if (objects === null) return null',
      'if (objects === null) return { rowsWithoutObject: [], objectsWithoutRow: [] }',
    ),
    'nobody is told of a migration that is newer than the backup': edit(
      'ops/backup/compare.ts',
      'return (await readMigrationState(connectAs)).pending',
      'return (await readMigrationState(connectAs)).pending.slice(1)',
    ),
    'the ledger is left out of the dump': edit(
      'ops/backup/dump.ts',
      "'--format=custom', ",
      "'--format=custom', '--exclude-table-data=ops.schema_migration', ",
    ),
  },
})
