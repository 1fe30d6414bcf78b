import { faults, inFunction, sql } from '../harness/setup.ts'
import { replaceTrigger } from './vocabulary/schema-faults.ts'

/** One fault for each kind of change. */
const notAudited = (table: string, ...changes: string[]) =>
  Object.fromEntries(
    changes.map((change) => [
      `${change} of ${table} are not audited`,
      sql`drop trigger ${change}_are_audited on ${table}`,
    ]),
  )

export default faults({
  'B1.3.2': {
    ...notAudited('auth.users', 'inserts', 'updates', 'deletes', 'truncates'),
    ...notAudited('auth.sessions', 'inserts', 'updates', 'deletes', 'truncates'),
    ...notAudited('auth.legal_acceptance', 'inserts', 'deletes', 'truncates'),
    'the audit is off where the session says so': inFunction('audit.rows_of_auth_users', [
      'insert into audit.audit_log',
      `if current_setting('hma.audit', true) = 'off' then return null; end if;
            insert into audit.audit_log`,
    ]),
    'only the first thousand rows of a statement are recorded': inFunction('audit.rows_of_auth_users', [
      'from touched t',
      'from touched t limit 1000',
    ]),
    'rows may arrive through a subscription': sql`alter event trigger the_owner_changes_the_schema disable`,
    'an update is recorded twice': sql`create trigger twice after update on auth.users for each row execute function audit.capture_update('registered_on')`,
    'a bulk change is recorded once': inFunction('audit.rows_of_auth_users', [
      'from touched t',
      'from (select * from touched limit 1) t',
    ]),
    'only updates of the address are audited': replaceTrigger(
      'auth.users',
      'updates_are_audited',
      'after update of email',
      `for each row execute function audit.capture_update('registered_on')`,
    ),
    'when a session expires can be changed without a record': replaceTrigger(
      'auth.sessions',
      'updates_are_audited',
      'after update of id, user_id, token_hash, started_at, ended_at',
      `for each row execute function audit.capture_update('user_id', 'started_at', 'expires_at', 'ended_at')`,
    ),
    'an update that changes no row is recorded': sql`create trigger every_statement after update on auth.users
      for each statement execute function audit.capture_truncate()`,
    'every column is recorded as changed': inFunction('audit.capture_update', [
      'n.value is distinct from was -> n.key and',
      '',
    ]),
    'only columns that may be copied are recorded as changed': inFunction('audit.capture_update', [
      `coalesce(jsonb_agg(n.key order by n.key), '[]')`,
      `coalesce(jsonb_agg(n.key order by n.key) filter (where n.key = any (may_be_copied)), '[]')`,
    ]),
    'old and new values are swapped': inFunction(
      'audit.capture_update',
      [
        `'old', coalesce(jsonb_object_agg(n.key, was -> n.key)`,
        `'old', coalesce(jsonb_object_agg(n.key, n.value)`,
      ],
      [
        `'new', coalesce(jsonb_object_agg(n.key, n.value)`,
        `'new', coalesce(jsonb_object_agg(n.key, was -> n.key)`,
      ],
    ),
    'values of a deleted row are recorded as new': inFunction('audit.rows_of_auth_legal_acceptance', [
      `else 'old' end`,
      `else 'new' end`,
    ]),
    'an update of an id is recorded under the new id': inFunction('audit.capture_update', [
      'old.id',
      'new.id',
    ]),
    'rows of sessions are recorded as users': inFunction('audit.rows_of_auth_sessions', [
      `tg_table_schema || '.' || tg_table_name`,
      `'auth.users'`,
    ]),
    'an acceptance is recorded under the id of its document': inFunction(
      'audit.rows_of_auth_legal_acceptance',
      ['t.id as entity_id', 't.document_id as entity_id'],
    ),
    'a session is recorded under the id of its user': inFunction('audit.rows_of_auth_sessions', [
      't.id as entity_id',
      't.user_id as entity_id',
    ]),
    'a delete is recorded as an insert': inFunction('audit.rows_of_auth_users', ['lower(tg_op)', `'insert'`]),
    'updates in replica mode are not audited': sql`alter table auth.users enable trigger updates_are_audited`,
    'an error while capturing is ignored': inFunction(
      'audit.rows_of_auth_users',
      ['return null;', 'return null;\nexception when others then return null;'],
      ['from touched t', 'from touched t where 1 / (random() * 0)::int = 1'],
    ),
    'what a cascade deletes is not recorded': inFunction('audit.rows_of_auth_sessions', [
      'perform audit.require_month(moment);',
      'if pg_trigger_depth() > 1 then return null; end if; perform audit.require_month(moment);',
    ]),
    'acceptances lost by a cascade are not recorded': inFunction('audit.rows_of_auth_legal_acceptance', [
      'perform audit.require_month(moment);',
      "if tg_op = 'DELETE' and pg_trigger_depth() > 1 then return null; end if; perform audit.require_month(moment);",
    ]),
    'an update that changes nothing is not recorded': inFunction('audit.capture_update', [
      'perform audit.append',
      "if to_jsonb(old) - 'updated_at' = to_jsonb(new) - 'updated_at' then return null; end if; perform audit.append",
    ]),
    'the second update of a row in a transaction is not recorded': inFunction('audit.capture_update', [
      'perform audit.append',
      'if old.xmin = pg_current_xact_id()::xid then return null; end if; perform audit.append',
    ]),
    'an actor is recorded for his own rows only': inFunction('audit.capture_update', [
      'old.id, audit.actor()',
      "old.id, case when tg_table_name = 'users' then audit.actor() end",
    ]),
    'the login is that of the function': inFunction('audit.append', [
      'constant text := session_user',
      'constant text := current_user',
    ]),
    'the second changed column is not named': inFunction('audit.capture_update', [
      "coalesce(jsonb_agg(n.key order by n.key), '[]')",
      "coalesce(jsonb_path_query_first(jsonb_agg(n.key order by n.key), '$[0 to 0]') , '[]')",
    ]),
  },
})
