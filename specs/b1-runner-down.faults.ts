import { edit, faults } from '../harness/setup.ts'

export default faults({
  'B1.0.3': {
    'a down leaves a function behind': edit(
      'migrations/0002_users.down.sql',
      'drop function auth.keep_registration();',
      '',
    ),
    'a down works only while its table is empty': edit(
      'migrations/0002_users.down.sql',
      'drop table auth.users;',
      'alter table auth.users add column undone boolean not null;\ndrop table auth.users;',
    ),
    'the ledger keeps what went down': edit(
      'migrations/runner/run.ts',
      ': forget(client, migration)',
      ': Promise.resolve(true)',
    ),
  },
})
