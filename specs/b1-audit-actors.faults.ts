import { faults, inFunction, sql, together } from '../harness/setup.ts'

const VERIFIED = 'if left(note, 64) is distinct from audit.mark(key, substr(note, 65)) then'

export default faults({
  'B1.3.2': {
    'nobody is ever noted': inFunction('audit.note_actor', [
      `coalesce(auth.current_user_id()::text, '')`,
      `''`,
    ]),
    'whatever the setting says is the actor': together(
      inFunction('audit.note_actor', [
        'pg_trigger_depth() = 1 or',
        `coalesce(current_setting('hma.actor', true), '') = '' and`,
      ]),
      sql`create or replace function audit.noted_actor() returns uuid language sql stable as
        $$ select nullif(right(current_setting('hma.actor', true), 36), '')::uuid $$`,
    ),
    'a note is kept for a whole transaction, whoever acts next': inFunction('audit.note_actor', [
      'pg_trigger_depth() = 1 or',
      '',
    ]),
    'the mark of a note is not looked at': inFunction(
      'audit.noted_actor',
      [VERIFIED, 'if false then'],
      [`nullif(substr(note, 65), '')`, 'case when length(note) in (36, 100) then right(note, 36) end'],
    ),
    'a note holds for every transaction of a connection': inFunction('audit.mark', [
      'timestamptz_send(now())',
      `'\\x'::bytea`,
    ]),
    'an emptied note passes for nobody': inFunction('audit.noted_actor', [
      VERIFIED,
      VERIFIED.replace(' then', ` and note <> '' then`),
    ]),
    'the actor is asked for when the row is already gone': sql`create or replace function audit.noted_actor() returns uuid language sql stable as
      $$ select auth.current_user_id() $$`,
    'the role that writes is taken for the login': together(
      inFunction('audit.append', ['text := session_user', 'text := current_user']),
      inFunction('audit.rows_of_auth_users', ['text := session_user', 'text := current_user']),
    ),
    'the capture writes with the rights of the application': sql`alter function audit.capture_update() security invoker`,
    'the capture of rows writes with the rights of whoever acts': sql`alter function audit.rows_of_auth_users() security invoker`,
    'the request is not kept': inFunction('audit.append', [
      `nullif(current_setting('hma.request', true), '')`,
      'null',
    ]),
    'the application reads the key': sql`grant usage on schema audit to hma_app; grant select on audit.actor_key to hma_app`,
    'the application may make notes': sql`grant usage on schema audit to hma_app; grant execute on function audit.mark(bytea, text) to hma_app;
      grant select on audit.actor_key to hma_app`,
    'the application writes records of its own': sql`grant usage on schema audit to hma_app; set local role hma_audit_writer;
      grant execute on function audit.write(text, text, uuid, jsonb) to hma_app; reset role`,
    'a change of the schema is put down to whoever the setting names': inFunction('audit.write', [
      'entity_id, null, details',
      `entity_id, nullif(current_setting('hma.actor', true), '')::uuid, details`,
    ]),
    'a cascade forgets who began it': inFunction('audit.note_actor', [
      'pg_trigger_depth() = 1 or',
      'true or',
    ]),
  },
})
