import { edit, edits, faults } from '../harness/setup.ts'

const COMPARE = 'ops/backup/compare.ts'
const LOAD = 'ops/backup/load.ts'
const RESTORE = 'ops/backup/restore.ts'
const TARGET = 'ops/backup/target.ts'
const TEST = 'ops/backup/restore-test.ts'

export default faults({
  'B1.0.10': {
    'the verification after a restore runs as the superuser': edit(
      COMPARE,
      '...(await auditFindings(connectAs)),',
      '...(await rows(client, AUDIT_FINDINGS)),',
    ),
  },
  'G1.3.2': {
    'the oldest backup is tested': edit(
      'ops/backup/backups.ts',
      '(one.id < other.id ? 1 : -1)',
      '(one.id < other.id ? -1 : 1)',
    ),
    'the age of the backup is not measured': edit(
      TEST,
      'Date.parse(manifest.takenAt)',
      'testedAt.getTime() + 1000',
    ),
    'the duration is not measured': edit(TEST, 'rtoSeconds: elapsed()', 'rtoSeconds: 0'),
    'the report is not stored': edit(
      TEST,
      "    await store.put(keyOf(settings.database, manifest.id, 'restoreTest')",
      "    void (keyOf(settings.database, manifest.id, 'restoreTest')",
    ),
    'a row without its object is not reported': edit('ops/backup/objects.ts', '!keys.includes(key)', 'false'),
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
      '    ...(await migrationFindings(client)),\n',
      '',
    ),
    'the audit log is not verified': edit(COMPARE, '    ...(await auditFindings(connectAs)),\n', ''),
    'the application is not tried': edit(
      COMPARE,
      '    ...(await applicationFindings(client, connectAs)),\n',
      '',
    ),
  },
  'G1.3.3': {
    'a live database needs no confirmation': edit(
      TARGET,
      'target.isEmpty || confirmed === target.name',
      'true',
    ),
    'any confirmation is enough': edit(TARGET, 'confirmed === target.name', 'confirmed !== undefined'),
    'the former database stays open': edit(
      RESTORE,
      '${quoted(database)} allow_connections false',
      '${quoted(database)} allow_connections true',
    ),
    'the refusal does not show the target': edit(TARGET, '    where: target.description,\n', ''),
    'the former database is dropped': edits(
      { file: RESTORE, find: 'if (target?.isEmpty)', replace: 'if (target)' },
      { file: RESTORE, find: 'target === undefined || target.isEmpty ?', replace: 'true ?' },
    ),
    'what a failed restore made is left': edit(
      RESTORE,
      '      await dropDatabase(server.client, temporary)\n      throw error',
      '      throw error',
    ),
    'the database gets its name before it is compared': edit(
      RESTORE,
      "      await step('compare', () => requireSame(urlOf(url, temporary), manifest, options.passwords))\n",
      '',
    ),
    'extensions of the server are not looked at': edit(
      LOAD,
      '    await requireExtensions(server, manifest, url)\n',
      '',
    ),
  },
})
