import { edit, faults, sql } from '../harness/setup.ts'

const people = (find: string, replace: string) => edit('seeds/people.sql', find, replace)
const reference = (find: string, replace: string) => edit('seeds/reference.sql', find, replace)

const WHERE_DISTINCT = `
 where legal_documents.content_sha256 <> excluded.content_sha256`

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
  'B1.4.2': {
    'people can be loaded once': people('\non conflict do nothing', ''),
    'reference data can be loaded once': reference(
      `\non conflict (name, version) do update set content_sha256 = excluded.content_sha256${WHERE_DISTINCT}`,
      '',
    ),
    'each load writes the same values again': people(
      '\non conflict do nothing',
      '\non conflict (id) do update set password_hash = excluded.password_hash',
    ),
    'a changed email address is reset': people(
      '\non conflict do nothing',
      '\non conflict (id) do update set email = excluded.email where users.email <> excluded.email',
    ),
    'each load writes an audit record': people(
      '\ncommit;',
      `\nset local role hma_auth_definer; select audit.write('registration_rejected', 'seeds');\ncommit;`,
    ),
    'people are deleted and inserted again': people(
      '\ninsert into auth.users',
      `\ndelete from auth.users where email like '%@hma.example';\ninsert into auth.users`,
    ),
    'an email address that is in use stops the load': people(
      '\non conflict do nothing',
      '\non conflict (id) do nothing',
    ),
    'another user with the email address gets the acceptances': people(
      `join auth.users u on u.id between 'a0000000-0000-4000-8000-000000000001' and agreed.up_to::uuid`,
      `join auth.users u on lower(u.email) like '%@hma.example'`,
    ),
    'a changed document of the same version is ignored': reference(
      `do update set content_sha256 = excluded.content_sha256${WHERE_DISTINCT}`,
      'do nothing',
    ),
    'a document may change without a new version': reference(
      'set local role hma_owner;',
      'set local role hma_owner;\nalter table reference.legal_documents disable trigger user;',
    ),
  },
})
