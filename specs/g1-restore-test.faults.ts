import { edit, faults } from '../harness/setup.ts'

const COMPARE = 'ops/backup/compare.ts'
const TEST = 'ops/backup/restore-test.ts'

export default faults({
  'G1.3.2': {
    'the oldest backup is tested': edit(
      'ops/backup/backups.ts',
      '(one.id < other.id ? 1 : -1)',
      '(one.id < other.id ? -1 : 1)',
    ),
    'only the first page of what the store lists is read': edit(
      'ops/backup/store.ts',
      "found.push(...Contents.map(({ Key = '', Size = 0 }) => ({ key: Key, bytes: Size })))",
      "return Contents.map(({ Key = '', Size = 0 }) => ({ key: Key, bytes: Size }))",
    ),
    'after a restore test that was killed with its container no other one can start': edit(
      'ops/backup/private-server.ts',
      "await outputOf('pg_ctl', ['stop', '--mode=immediate', '--pgdata', data]).catch(() => {})",
      "await outputOf('pg_ctl', ['stop', '--mode=immediate', '--pgdata', data])",
    ),
    'the download of a restore test that was killed stands in the way of the next one': edit(
      'ops/backup/download.ts',
      '  await remove()\n  await mkdir(',
      '  await mkdir(',
    ),
    'the age of the backup is not measured': edit(
      TEST,
      'rpoSeconds: rpoSecondsAt(manifest, testedAt)',
      'rpoSeconds: -1',
    ),
    'the duration is not measured': edit(TEST, 'rtoSeconds = elapsed()', 'rtoSeconds = 0'),
    'the report is not stored': edit(
      TEST,
      "    await store.put(keyOf(settings.database, manifest.id, 'restoreTest')",
      "    void (keyOf(settings.database, manifest.id, 'restoreTest')",
    ),
    'a row without its object is not reported': edit('ops/backup/objects.ts', '!keys.includes(key)', 'false'),
    'the metrics say of every restore that no row lacks its object': edit(
      TEST,
      'hma_restore_rows_without_object: objects.rowsWithoutObject.length',
      'hma_restore_rows_without_object: 0',
    ),
    'an object without a row is not reported': edit('ops/backup/objects.ts', '!named.has(key)', 'false'),
    'a difference is reported with exit code 0': edit(
      'ops/backup/main.ts',
      'return isProven ? 0 : EXIT.failed',
      'return 0',
    ),
    'only the number of rows is compared': edit(
      COMPARE,
      'return before.hash === after.hash ? [] : [`table ${name} has other rows than at the backup`]',
      'return []',
    ),
    'rows are not compared after the restore': edit(
      COMPARE,
      '    ...tableFindings(contents.tables, restored.tables),\n',
      '',
    ),
    'sequences are not compared': edit(
      COMPARE,
      '    ...(await sequenceFindings(client, contents.sequences, restored.sequences)),\n',
      '',
    ),
    'the catalog is not compared': edit(
      COMPARE,
      '    ...(await catalogFindings(client, contents.catalog)),\n',
      '',
    ),
    'what cannot be used is not looked for': edit(COMPARE, '    ...(await rows(client, UNUSABLE)),\n', ''),
    'the ledger is not compared with the files': edit(
      COMPARE,
      '    ...(await migrationFindings(connectAs)),\n',
      '',
    ),
    'the audit log is not verified': edit(COMPARE, '    ...(await auditFindings(connectAs)),\n', ''),
    'the application is not tried': edit(
      COMPARE,
      '    ...(await applicationFindings(superuser, connectAs)),\n',
      '',
    ),
  },
})
