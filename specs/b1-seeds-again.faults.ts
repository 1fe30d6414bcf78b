import { edit, faults } from '../harness/setup.ts'

const people = (find: string, replace: string) => edit('seeds/people.sql', find, replace)
const reference = (find: string, replace: string) => edit('seeds/reference.sql', find, replace)

const models = (find: string, replace: string) => edit('seeds/models.sql', find, replace)

const WHERE_DISTINCT = `
 where legal_documents.content_sha256 <> excluded.content_sha256`

export default faults({
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
    'loading again sets back the stage of an example model that somebody has changed': models(
      'on conflict do nothing',
      'on conflict (name, version) do update set stage = excluded.stage where model.stage <> excluded.stage',
    ),
    'loading again sets back the description of an example model that somebody has changed': models(
      'on conflict do nothing',
      `on conflict (name, version) do update set description = excluded.description
        where model.description <> excluded.description`,
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
