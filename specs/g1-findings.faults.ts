import { edit, faults } from '../harness/setup.ts'

const COMPARE = 'ops/backup/compare.ts'
const TEST = 'ops/backup/restore-test.ts'
const COLUMNS = 'migrations/runner/catalog-columns.ts'

const leftOut = (catalog: string) =>
  edit(COLUMNS, "pg_largeobject: 'data',", `pg_largeobject: 'data',\n  ${catalog}: '',`)

export default faults({
  'G1.3.2': {
    'a sequence is compared with the backup alone': edit(
      COMPARE,
      'return [...behind, ...collisions]',
      'return behind',
    ),
    'a sequence that gave out none of its numbers counts as if it had given out its first one': edit(
      COMPARE,
      'else s.last_value - 1 end',
      'else s.last_value end',
    ),
    'a sequence that only the default of a column names is not looked at': edit(
      COMPARE,
      ' or f.oid is not null)',
      ')',
    ),
    'the sequence of an identity is not looked at': edit(
      COMPARE,
      "d.deptype in ('a', 'i')",
      "d.deptype in ('a')",
    ),
    'an index of a partitioned table that its leaves do not have is no finding': edit(
      COMPARE,
      'where not indisvalid',
      'where false and not indisvalid',
    ),
    'policies are not compared after a restore': edit(
      COMPARE,
      "difference.kind !== 'built-in' &&",
      "!['built-in', 'policy'].includes(difference.kind) &&",
    ),
    'what is in no schema is not compared': edit(
      COMPARE,
      '.filter(({ identity }) => !schemas.some(',
      ".filter(({ identity }) => identity.includes('.') && !schemas.some(",
    ),
    'default privileges are in no manifest': leftOut('pg_default_acl'),
    'event triggers are in no manifest': leftOut('pg_event_trigger'),
    'the metrics tell of every restore as of a proven one': edit(
      TEST,
      '    if (report.isProven)\n',
      '    if (report.backup)\n',
    ),
    'the store gets the reports of proven restores alone': edit(
      TEST,
      "    await store.put(keyOf(settings.database, manifest.id, 'restoreTest')",
      "    if (report.isProven) await store.put(keyOf(settings.database, manifest.id, 'restoreTest')",
    ),
    'the store gets every report as that of a proven restore': edit(
      TEST,
      'JSON.stringify(report, null, 2)',
      'JSON.stringify({ ...report, isProven: true }, null, 2)',
    ),
    'the disk of the job gets no report': edit(
      TEST,
      "    writeAtomically(join(settings.folder, 'restore-tests', `${manifest.id}.json`), report)\n",
      '',
    ),
    'a backup that cannot be downloaded or restored has no report': edit(
      TEST,
      '      if (isAgainstBackup(error))\n',
      '      if (error === undefined)\n',
    ),
    'only a dump that is damaged has a report, and none that Postgres cannot restore': edit(
      TEST,
      'error instanceof CliError && error.exitCode === EXIT.failed',
      'error instanceof CliError && /damaged/.test(error.what)',
    ),
    'the report of a restore that failed says that the backup is proven': edit(
      TEST,
      'isProven: findings.length === 0,',
      'isProven: findings.length === 0 || rtoSeconds === null,',
    ),
    'a backup is blamed for a server of the test that does not start': edit(
      TEST,
      'error instanceof CliError && error.exitCode === EXIT.failed',
      'error instanceof CliError && error.exitCode > 0',
    ),
    'a version of an object that was deleted counts as the object': edit(
      'ops/backup/objects.ts',
      'objects.versions.filter(({ isLatest }) => isLatest).map(',
      'objects.versions.map(',
    ),
    'the marker of an object that was deleted counts as the object': edit(
      'ops/backup/store.ts',
      'of page.Versions ?? [])',
      'of [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])])',
    ),
  },
})
