import { edit, faults, sql } from '../harness/setup.ts'

const people = (find: string, replace: string) => edit('seeds/people.sql', find, replace)
const reference = (find: string, replace: string) => edit('seeds/reference.sql', find, replace)

const RLS = 'migrations/0011_row_security.up.sql'

export default faults({
  'B1.4.1': {
    'a document differs from the published one': edit(
      'seeds/documents/privacy-1.0.md',
      'fewer than ten people',
      'fewer than two people',
    ),
    'the seed lacks a published document': reference(
      `'2026-09-01 00:00:00+00'),
    ('d0000000-0000-4000-8000-000000000004', 'community-rules', '1.0',
        '\\x37e16d796873b0904d48a3c819261fa80e9bb80475db74864d37aac6f037a5cb', '2026-09-01 00:00:00+00')`,
      `'2026-09-01 00:00:00+00')`,
    ),
    'all loads reference data only': edit(
      'seeds/main.ts',
      `seed === 'all' ? SEEDS`,
      `seed === 'all' ? SEEDS.slice(0, 1)`,
    ),
    'each load generates new ids': people('select person.id::uuid', 'select gen_random_uuid()'),
    'a test user has another name': people("'katherine'", "'catherine'"),
    'nobody turned 18 on the day of registration': people("'2008-10-01'", "'1990-10-01'"),
    'the password is not the documented one': people('$qHnBM4kAj4GXCK7wAoGu0A$', '$rHnBM4kAj4GXCK7wAoGu0A$'),
    'nora has accepted every document': people(
      `'community-rules', '1.0', '2026-10-01 09:00:00+00', 'a0000000-0000-4000-8000-00000000000b'`,
      `'community-rules', '1.0', '2026-10-01 09:00:00+00', 'a0000000-0000-4000-8000-00000000000c'`,
    ),
    'row security hides the test users from the owner': sql`drop policy test_users_are_loaded on auth.users`,
    'row security hides the acceptances of the test users from the owner': sql`drop policy test_users_have_accepted on auth.legal_acceptance`,
    'with row security the last of the named test users cannot be loaded': edit(
      RLS,
      `auth.users to hma_owner
    using (id between 'a0000000-0000-4000-8000-000000000001' and 'a0000000-0000-4000-8000-00000000000c')`,
      `auth.users to hma_owner
    using (id between 'a0000000-0000-4000-8000-000000000001' and 'a0000000-0000-4000-8000-00000000000b')`,
    ),
    'with row security the acceptances of the first test user cannot be loaded': edit(
      RLS,
      "using (user_id between 'a0000000-0000-4000-8000-000000000001'",
      "using (user_id between 'a0000000-0000-4000-8000-000000000002'",
    ),
    'reference data can be loaded by a superuser only': reference('set local role hma_owner;', ''),
    'people can be loaded by a superuser only': people('set local role hma_owner;', ''),
    'a superuser may load seeds': edit('seeds/main.ts', 'refuseSuperuser: true', 'refuseSuperuser: false'),
    'the first part of a seed remains when the rest fails': reference('\ncommit;', '\nend;\ncommit;'),
    'a surplus word is ignored': edit(
      'config/command-line.ts',
      '.helpCommand(false)',
      '.helpCommand(false).allowExcessArguments()',
    ),
    'a failed program exits with 0': edit(
      'config/program.ts',
      'process.exitCode = error.exitCode',
      'process.exitCode = 0',
    ),
    'a missing server has the exit code of a failed seed': edit(
      'config/cli-error.ts',
      'unreachable: 3',
      'unreachable: 1',
    ),
    'the newline of a password file becomes part of the password': edit(
      'config/database-url.ts',
      'return text.trim()',
      'return text',
    ),
  },
})
