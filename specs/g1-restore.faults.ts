import { edit, edits, faults } from '../harness/setup.ts'

const LOAD = 'ops/backup/load.ts'
const RESTORE = 'ops/backup/restore.ts'
const TARGET = 'ops/backup/target.ts'
const TEST = 'ops/backup/restore-test.ts'

export default faults({
  'B1.0.10': {
    'the verification after a restore runs as the superuser': edit(
      'ops/backup/compare.ts',
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
  },
  'G1.3.3': {
    'a live database needs no confirmation': edit(
      TARGET,
      'target.isEmpty || confirmed === target.name',
      'true',
    ),
    'any confirmation is enough': edit(TARGET, 'confirmed === target.name', 'confirmed !== undefined'),
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
