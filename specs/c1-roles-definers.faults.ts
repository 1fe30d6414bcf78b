import { clusterSql, faults, sql } from '../harness/setup.ts'

const definer = (owner: string, settings: string) => sql`
  create function auth.shortcut() returns bigint language sql security definer ${settings} as 'select count(*) from auth.users';
  alter function auth.shortcut() owner to ${owner};
  revoke execute on function auth.shortcut() from public`

export default faults([
  {
    criterion: 'C1.1.3',
    breaks: 'identify looks names up where its caller says',
    plant: sql`alter function auth.identify(bytea, text) reset search_path`,
  },
  {
    criterion: 'C1.1.3',
    breaks: 'register looks names up where its caller says',
    plant: sql`alter function auth.register(text, text, date, text) reset search_path`,
  },
  {
    criterion: 'C1.1.3',
    breaks: 'a trigger of the audit looks names up where its caller says',
    plant: sql`alter function audit.capture_update() reset search_path`,
  },
  {
    criterion: 'C1.1.3',
    breaks: 'an event trigger of the audit looks names up where its caller says',
    plant: sql`alter function audit.record_ddl() reset search_path`,
  },
  {
    criterion: 'C1.1.3',
    breaks: 'a trigger without its owner’s rights looks names up where its caller says',
    plant: sql`alter function ops.stamp_times() reset search_path`,
  },
  {
    criterion: 'C1.1.3',
    breaks: 'a search path is pinned to a schema',
    plant: sql`alter function auth.start_session(uuid, bytea, interval) set search_path = auth, public`,
  },
  {
    criterion: 'C1.1.3',
    breaks: 'a new definer function has no search path',
    plant: definer('hma_auth_definer', ''),
  },
  {
    criterion: 'C1.1.3',
    breaks: 'a new definer function is not in the matrix',
    plant: definer('hma_auth_definer', `set search_path = ''`),
  },
  {
    criterion: 'C1.1.3',
    breaks: 'a definer function belongs to the owner of the schema',
    plant: sql`alter function auth.register(text, text, date, text) owner to hma_owner`,
  },
  {
    criterion: 'C1.1.3',
    breaks: 'a definer function belongs to a superuser',
    plant: sql`alter function audit.capture_update() owner to current_user`,
  },
  {
    criterion: 'C1.1.3',
    breaks: 'a function became a definer of the owner of the schema',
    plant: sql`alter function audit.seal() security definer`,
  },
  {
    criterion: 'C1.1.3',
    breaks: 'the owner of a definer function logs in',
    plant: clusterSql('alter role hma_auth_definer login', 'alter role hma_auth_definer nologin'),
  },
  {
    criterion: 'C1.1.3',
    breaks: 'the owner of a definer function is a member of another',
    plant: clusterSql(
      'grant hma_audit_writer to hma_auth_definer',
      'revoke hma_audit_writer from hma_auth_definer',
    ),
  },
  {
    criterion: 'C1.1.3',
    breaks: 'the owner of a definer function creates in its schema',
    plant: sql`grant create on schema auth to hma_auth_definer`,
  },
  {
    criterion: 'C1.1.3',
    breaks: 'the owner of a definer function owns a table',
    plant: sql`alter table auth.users owner to hma_auth_definer`,
  },
])
