import { faults, inFunction, sql, together } from '../harness/setup.ts'

const CHECK = 'if left(note, 64) is distinct from audit.mark(key, substr(note, 65)) then'
const FIRST_LEVEL = 'pg_trigger_depth() = 1 or'

export default faults({
  'B1.3.2': {
    'no actor is noted': inFunction('audit.note_actor', [`coalesce(auth.current_user_id()::text, '')`, `''`]),
    'the actor is taken from the setting': together(
      inFunction('audit.note_actor', [
        FIRST_LEVEL,
        `coalesce(current_setting('hma.actor', true), '') = '' and`,
      ]),
      sql`create or replace function audit.noted_actor() returns uuid language sql stable as
        $$ select nullif(right(current_setting('hma.actor', true), 36), '')::uuid $$`,
    ),
    'the first actor of a transaction is noted for all its statements': inFunction('audit.note_actor', [
      FIRST_LEVEL,
      '',
    ]),
    'the mark of a note is not checked': inFunction(
      'audit.noted_actor',
      [CHECK, 'if false then'],
      [`nullif(substr(note, 65), '')`, 'case when length(note) in (36, 100) then right(note, 36) end'],
    ),
    'a note is valid in later transactions': inFunction('audit.mark', [
      'timestamptz_send(now())',
      `'\\x'::bytea`,
    ]),
    'an empty note is accepted as no actor': inFunction('audit.noted_actor', [
      CHECK,
      CHECK.replace(' then', ` and note <> '' then`),
    ]),
    'the actor is looked up after the row is deleted': sql`create or replace function audit.noted_actor() returns uuid language sql stable as
      $$ select auth.current_user_id() $$`,
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
    'the application can read the key of notes': sql`grant usage on schema audit to hma_app; grant select on audit.actor_key to hma_app`,
    'the application can make notes': sql`grant usage on schema audit to hma_app; grant execute on function audit.mark(bytea, text) to hma_app;
      grant select on audit.actor_key to hma_app`,
    'the application can write records': sql`grant usage on schema audit to hma_app; set local role hma_audit_writer;
      grant execute on function audit.write(text, text, uuid, jsonb) to hma_app; reset role`,
    'a change of the schema takes its actor from the setting': inFunction('audit.write', [
      'entity_id, null, details',
      `entity_id, nullif(current_setting('hma.actor', true), '')::uuid, details`,
    ]),
    'a cascade loses the actor of the statement': inFunction('audit.note_actor', [FIRST_LEVEL, 'true or']),
  },
})
