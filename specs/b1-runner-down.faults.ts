import { edit, faults } from '../harness/setup.ts'

export default faults([
  {
    criterion: 'B1.0.3',
    breaks: 'a down leaves a function behind',
    plant: edit('migrations/0002_users.down.sql', 'drop function auth.keep_registration();', ''),
  },
  {
    criterion: 'B1.0.3',
    breaks: 'a down works only while its table is empty',
    plant: edit(
      'migrations/0002_users.down.sql',
      'drop table auth.users;',
      'alter table auth.users add column undone boolean not null;\ndrop table auth.users;',
    ),
  },
  {
    criterion: 'B1.0.3',
    breaks: 'the ledger keeps what went down',
    plant: edit('migrations/runner/run.ts', ': forget(client, migration)', ': Promise.resolve(true)'),
  },
])
