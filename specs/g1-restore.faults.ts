import { edit, edits, faults } from '../harness/setup.ts'

const COMPARE = 'ops/backup/compare.ts'
const ENTRIES = 'ops/backup/entries.ts'
const LOAD = 'ops/backup/load.ts'
const LOGINS = 'ops/backup/logins.ts'
const RESTORE_LOGINS = "['hma_backup', 'hma_migrator', 'hma_app']"
const RESTORE = 'ops/backup/restore.ts'
const TARGET = 'ops/backup/target.ts'

/** A fault: the superuser makes entries of this kind. */
function madeBySuperuser(kind: string) {
  return {
    [`a restore makes each ${kind} as the superuser`]: edit(
      ENTRIES,
      "'ACL - SCHEMA', 'EXTENSION']",
      `'ACL - SCHEMA', 'EXTENSION', '${kind}']`,
    ),
  }
}

export default faults({
  'B1.0.10': {
    'the verification after a restore runs as the superuser': edit(
      COMPARE,
      '...(await auditFindings(connectAs)),',
      '...(await rows(superuser, AUDIT_FINDINGS)),',
    ),
    'a restore loads the rows as the superuser': edit(
      ENTRIES,
      "await list('data'), owners, ownerIn",
      "await list('data'), new Set<string>(), ownerIn",
    ),
    'a restore makes only what is in the schemas of its owner': edit(
      'ops/backup/fill.ts',
      "where n.nspname !~ '^pg_'",
      "where n.nspowner = 'hma_owner'::regrole and n.nspname !~ '^pg_'",
    ),
    ...madeBySuperuser('TABLE'),
    ...madeBySuperuser('TABLE ATTACH'),
    ...madeBySuperuser('AGGREGATE'),
    ...madeBySuperuser('CHECK CONSTRAINT'),
    ...madeBySuperuser('FK CONSTRAINT'),
    ...madeBySuperuser('FUNCTION'),
    ...madeBySuperuser('VIEW'),
    ...madeBySuperuser('DEFAULT'),
    ...madeBySuperuser('RULE'),
    ...madeBySuperuser('TRIGGER'),
    ...madeBySuperuser('POLICY'),
  },
  'G1.3.3': {
    'everybody may use a database that a restore is filling': edit(
      LOAD,
      'await openToOwner(server, database)',
      'await openAsBefore(server, database, manifest)',
    ),
    'a live database needs no confirmation': edit(
      TARGET,
      'target.isEmpty || confirmed === target.name',
      'true',
    ),
    'a database whose statistics count no rows is empty': edit(
      TARGET,
      'isEmpty: tables === 0 }',
      'isEmpty: Number(rowCount) === 0 }',
    ),
    'the password of the login that reads is missed only when the copy is compared': edit(
      LOGINS,
      RESTORE_LOGINS,
      "['hma_migrator', 'hma_app']",
    ),
    'the password of the owner of the tables is missed only when they are filled': edit(
      LOGINS,
      RESTORE_LOGINS,
      "['hma_backup', 'hma_app']",
    ),
    'the password of the application is missed only when the copy is compared': edit(
      LOGINS,
      RESTORE_LOGINS,
      "['hma_backup', 'hma_migrator']",
    ),
    'any confirmation is enough': edit(TARGET, 'confirmed === target.name', 'confirmed !== undefined'),
    'the former database stays open': edit(
      RESTORE,
      '${quoted(database)} allow_connections false',
      '${quoted(database)} allow_connections true',
    ),
    'the error does not show the target': edit(TARGET, '    where: target.description,\n', ''),
    'the former database is dropped': edits(
      { file: RESTORE, find: 'if (target?.isEmpty)', replace: 'if (target)' },
      { file: RESTORE, find: 'if (target === undefined || target.isEmpty)', replace: 'if (true)' },
    ),
    'a backup cannot be restored a second time': edit(RESTORE, 'taken.has(free)', 'taken.has(``)'),
    'what a failed restore made is left': edit(
      RESTORE,
      '      await dropDatabase(server.client, temporary)\n      throw error',
      '      throw error',
    ),
    'the database gets its name before it is compared': edit(
      RESTORE,
      "await step('compare', () => requireSame(urlOf(url, temporary), manifest, passwords))",
      '{ pending: [], objects: null }',
    ),
    'a live database that has the name of a restore under way is dropped': edit(
      TARGET,
      'if (!found.isUnfinished) requireEmpty(await readTarget(place, name))',
      '',
    ),
    'whether the target is empty is asked before the restore alone': edits(
      {
        file: RESTORE,
        find: '    await readConfirmedTarget(place, database, options.confirm)\n',
        replace: '    const early = await readConfirmedTarget(place, database, options.confirm)\n',
      },
      {
        file: RESTORE,
        find: 'const target = await readConfirmedTarget(place, database, options.confirm)',
        replace: 'const target = early',
      },
    ),
    'what a killed restore has left is never removed': edit(
      TARGET,
      'if (!found.isUnfinished)',
      'if (found.isUnfinished || !found.isUnfinished)',
    ),
    'a restored database counts as what a killed restore has left': edit(
      RESTORE,
      'commentOn(server, temporary, null)',
      "''",
    ),
    'roles of the server are not looked at': edit(
      LOAD,
      '    await requireRoles(server, manifest, url)\n',
      '',
    ),
    'only the first role that the server does not have is named': edit(
      LOAD,
      "does not have the ${kind} ${missing.join(', ')}",
      'does not have the ${kind} ${missing[0]}',
    ),
    'a role that has a privilege on the database alone is in no manifest': edit(
      'migrations/runner/fingerprint.ts',
      "(d.dbid = here.oid or (d.classid = 'pg_database'::regclass and d.objid = here.oid))",
      'd.dbid = here.oid',
    ),
    'extensions of the server are not looked at': edit(
      LOAD,
      '    await requireExtensions(server, manifest, url)\n',
      '',
    ),
  },
})
