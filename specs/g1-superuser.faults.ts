import { edit, edits, faults } from '../harness/setup.ts'

const COMPARE = 'ops/backup/compare.ts'
const RESTORE = 'ops/backup/restore.ts'
const TARGET = 'ops/backup/target.ts'
const TEST = 'ops/backup/restore-test.ts'

const OBJECTS = 'await withLogin(connectAs, READER, (reader) => compareObjects(reader, manifest))'
const OBJECTS_AS_SUPERUSER = 'await compareObjects(client, manifest)'
const CONTENTS = 'await withLogin(connectAs, READER, (reader) => contentFindings(reader, contents))'
const contentsAsSuperuser = {
  file: COMPARE,
  find: CONTENTS,
  replace: 'await contentFindings(superuser, contents)',
}
const superuserMayRead = { file: TARGET, find: '{ refuseSuperuser: true }', replace: '{}' }

export default faults({
  'B1.0.10': {
    'a restore reads mark and last change of a live database as the superuser': edits(
      {
        file: TARGET,
        find: 'loginOf(urlOf(url, name), READER, passwords[READER])',
        replace: 'urlOf(url, name)',
      },
      superuserMayRead,
    ),
    'the login that reads a live database may be a superuser there': edits(superuserMayRead),
    'a restore reads the ledger as the superuser': edit(
      RESTORE,
      'connectForBackup(loginOf(url, login, passwords[login]))',
      "connectForBackup(login === 'hma_migrator' ? url : loginOf(url, login, passwords[login]))",
    ),
    'a restore test reads the ledger as the superuser': edit(
      TEST,
      'connectForBackup(loginOf(restored, login))',
      "connectForBackup(login === 'hma_migrator' ? restored : loginOf(restored, login))",
    ),
    'a restore looks for the rows of objects as the superuser': edit(RESTORE, OBJECTS, OBJECTS_AS_SUPERUSER),
    'a restore test looks for the rows of objects as the superuser': edit(
      TEST,
      OBJECTS,
      OBJECTS_AS_SUPERUSER,
    ),
    'rows are compared as the superuser, by the cast of their owner': edits(contentsAsSuperuser, {
      file: 'ops/backup/contents.ts',
      find: 'textin(record_out(t))',
      replace: 't::text',
    }),
    'sequences are compared as the superuser, with the numbers of a view': edits(contentsAsSuperuser, {
      file: COMPARE,
      find: "t.relkind in ('r', 'p') and not t.relispartition",
      replace: 'not t.relispartition',
    }),
  },
})
