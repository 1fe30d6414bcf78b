import { edit, faults } from '../harness/setup.ts'

const people = (find: string, replace: string) => edit('seeds/people.sql', find, replace)
const reference = (find: string, replace: string) => edit('seeds/reference.sql', find, replace)

const WHERE_DISTINCT = `
 where legal_documents.content_sha256 <> excluded.content_sha256`

export default faults([
  {
    criterion: 'B1.4.1',
    breaks: 'a text is not the one that was published',
    plant: edit('seeds/documents/privacy-1.0.md', 'fewer than ten people', 'fewer than two people'),
  },
  {
    criterion: 'B1.4.1',
    breaks: 'a published text is in no seed',
    plant: reference(
      `'2026-09-01 00:00:00+00'),
    ('d0000000-0000-4000-8000-000000000004', 'community-rules', '1.0',
        '\\x37e16d796873b0904d48a3c819261fa80e9bb80475db74864d37aac6f037a5cb', '2026-09-01 00:00:00+00')`,
      `'2026-09-01 00:00:00+00')`,
    ),
  },
  {
    criterion: 'B1.4.1',
    breaks: 'all loads reference data alone',
    plant: edit('seeds/settings.ts', 'transform(() => SEEDS)', `transform(() => ['reference'] as const)`),
  },
  {
    criterion: 'B1.4.1',
    breaks: 'ids are new each time',
    plant: people('select person.id::uuid', 'select gen_random_uuid()'),
  },
  {
    criterion: 'B1.4.1',
    breaks: 'the password is another one',
    plant: people('$qHnBM4kAj4GXCK7wAoGu0A$', '$rHnBM4kAj4GXCK7wAoGu0A$'),
  },
  {
    criterion: 'B1.4.1',
    breaks: 'nora has accepted everything',
    plant: people(
      `'community-rules', '1.0', '2026-10-01 09:00:00+00', 'a0000000-0000-4000-8000-00000000000b'`,
      `'community-rules', '1.0', '2026-10-01 09:00:00+00', 'a0000000-0000-4000-8000-00000000000c'`,
    ),
  },
  {
    criterion: 'B1.4.1',
    breaks: 'a superuser loads people as the owner, whom row security binds',
    plant: people(' and not rolsuper;', ';'),
  },
  {
    criterion: 'B1.4.1',
    breaks: 'reference data take a superuser',
    plant: reference('set local role hma_owner;', ''),
  },
  {
    criterion: 'B1.4.1',
    breaks: 'people take a superuser',
    plant: people(`rolname = session_user and not rolsuper;`, 'false;'),
  },
  {
    criterion: 'B1.4.1',
    breaks: 'half a seed stays when the rest fails',
    plant: reference('\ncommit;', '\nend;\ncommit;'),
  },
  {
    criterion: 'B1.4.1',
    breaks: 'a wrong word is ignored',
    plant: edit(
      'seeds/settings.ts',
      'Words.safeParse(positionals)',
      'Words.safeParse(positionals.slice(0, 1))',
    ),
  },
  {
    criterion: 'B1.4.1',
    breaks: 'a failure is no failure',
    plant: edit('seeds/load.ts', 'return error.exitCode', 'return 0'),
  },
  {
    criterion: 'B1.4.1',
    breaks: 'a server that is gone looks like a failed seed',
    plant: edit('environment/refusal.ts', 'unreachable: 3', 'unreachable: 1'),
  },
  {
    criterion: 'B1.4.1',
    breaks: 'a password file is taken with its newline',
    plant: edit('environment/database.ts', `readFileSync(file, 'utf8').trim()`, `readFileSync(file, 'utf8')`),
  },
  {
    criterion: 'B1.4.2',
    breaks: 'people can be loaded once',
    plant: people('\non conflict do nothing', ''),
  },
  {
    criterion: 'B1.4.2',
    breaks: 'reference data can be loaded once',
    plant: reference(
      `\non conflict (name, version) do update set content_sha256 = excluded.content_sha256${WHERE_DISTINCT}`,
      '',
    ),
  },
  {
    criterion: 'B1.4.2',
    breaks: 'each load writes the same values again',
    plant: people(
      '\non conflict do nothing',
      '\non conflict (id) do update set password_hash = excluded.password_hash',
    ),
  },
  {
    criterion: 'B1.4.2',
    breaks: 'what somebody changed is put back',
    plant: people(
      '\non conflict do nothing',
      '\non conflict (id) do update set email = excluded.email where users.email <> excluded.email',
    ),
  },
  {
    criterion: 'B1.4.2',
    breaks: 'each load leaves a note in the audit log',
    plant: people('\ncommit;', `\nselect audit.write('ddl', 'seeds');\ncommit;`),
  },
  {
    criterion: 'B1.4.2',
    breaks: 'people are dropped and made anew',
    plant: people(
      '\ninsert into auth.users',
      `\ndelete from auth.users where email like '%@hma.example';\ninsert into auth.users`,
    ),
  },
  {
    criterion: 'B1.4.2',
    breaks: 'an address that somebody took stops the load',
    plant: people('\non conflict do nothing', '\non conflict (id) do nothing'),
  },
  {
    criterion: 'B1.4.2',
    breaks: 'who has the address has accepted, too',
    plant: people(
      `join auth.users u on u.id between 'a0000000-0000-4000-8000-000000000001' and agreed.up_to::uuid`,
      `join auth.users u on lower(u.email) like '%@hma.example'`,
    ),
  },
  {
    criterion: 'B1.4.2',
    breaks: 'a text that changed under its version goes unnoticed',
    plant: reference(`do update set content_sha256 = excluded.content_sha256${WHERE_DISTINCT}`, 'do nothing'),
  },
  {
    criterion: 'B1.4.2',
    breaks: 'a text may change under its version',
    plant: reference(
      'set local role hma_owner;',
      'set local role hma_owner;\nalter table reference.legal_documents disable trigger user;',
    ),
  },
])
