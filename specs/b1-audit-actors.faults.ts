import { clusterSql, faults, inFunction, sql, together } from '../harness/setup.ts'

const SWITCH = `if token <> coalesce(encode(token_hash, 'hex'), '') then`

/** The actor, found in another way. */
const actor = (body: string) =>
  sql`create or replace function audit.actor() returns uuid language sql stable as $$ ${body} $$`

export default faults({
  'B1.3.2': {
    'inserts of acceptances have no actor': inFunction('audit.rows_of_auth_legal_acceptance', [
      'uuid := audit.actor()',
      `uuid := case tg_op when 'DELETE' then audit.actor() end`,
    ]),
    'deletes of sessions have no actor': inFunction('audit.rows_of_auth_sessions', [
      'uuid := audit.actor()',
      `uuid := case tg_op when 'INSERT' then audit.actor() end`,
    ]),
    'truncates have no actor': inFunction('audit.capture_truncate', ['audit.actor()', 'null']),
    'no actor is recorded': actor('select null::uuid'),
    'the actor is taken from a setting that anybody can write': actor(
      `select nullif(current_setting('hma.actor', true), '')::uuid`,
    ),
    'the actor is looked up after the row is deleted': together(
      actor('select auth.current_user_id()'),
      sql`grant usage on schema auth to hma_audit_writer; grant execute on function auth.current_user_id() to hma_audit_writer`,
    ),
    'every setting of this name is an identity': actor(
      `select right(nullif(current_setting('backtrace_functions'), ''), 32)::uuid`,
    ),
    'a transaction can change its user': inFunction(
      'auth.identify',
      [SWITCH, 'if false then'],
      ['if token is null then', 'if true then'],
    ),
    'a transaction can lose its user': inFunction('auth.identify', [
      'if token <> coalesce',
      `if token_hash is null then perform set_config('backtrace_functions', '', true); token_hash := null; return null; end if;
       if token <> coalesce`,
    ]),
    'a token that does not exist removes the user': inFunction('auth.identify', [
      SWITCH,
      `if not exists (select from auth.sessions s where s.token_hash = identify.token_hash) then
         perform set_config('backtrace_functions', '', true); return null; end if;
       ${SWITCH}`,
    ]),
    'the application may write the setting that holds the identity': clusterSql(
      'grant set on parameter backtrace_functions to hma_app',
      'revoke set on parameter backtrace_functions from hma_app',
    ),
    'the record names the current role, not the login': together(
      inFunction('audit.append', ['text := session_user', 'text := current_user']),
      inFunction('audit.rows_of_auth_users', ['text := session_user', 'text := current_user']),
    ),
    'updates are captured with the privileges of the application': sql`alter function audit.capture_update() security invoker`,
    'inserts and deletes are captured with the privileges of the application': sql`alter function audit.rows_of_auth_users() security invoker`,
    'the request is not recorded': inFunction('audit.append', [
      `nullif(current_setting('hma.request', true), '')`,
      'null',
    ]),
    'the application can write records': sql`grant usage on schema audit to hma_app; set local role hma_audit_writer;
      grant execute on function audit.write(text, text, uuid, jsonb) to hma_app; reset role`,
  },
})
