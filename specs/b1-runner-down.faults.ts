import { edit, faults } from '../harness/setup.ts'

export default faults({
  'B1.0.3': {
    'a down file does not drop a function': edit(
      'migrations/0002_users.down.sql',
      'drop function auth.keep_registration();',
      '',
    ),
    'a down file works only while its table is empty': edit(
      'migrations/0002_users.down.sql',
      'drop table auth.users;',
      'alter table auth.users add column undone boolean not null;\ndrop table auth.users;',
    ),
    'the ledger row remains after down': edit(
      'migrations/runner/run.ts',
      ': deleteRow(client, migration)',
      ': Promise.resolve(true)',
    ),
  },
})
