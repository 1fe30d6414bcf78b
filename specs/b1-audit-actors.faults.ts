import { faults, inFunction, sql, together } from '../harness/setup.ts'

const VERIFIED = 'if left(note, 64) is distinct from audit.mark(key, substr(note, 65)) then'

export default faults([
  {
    criterion: 'B1.3.2',
    breaks: 'nobody is ever noted',
    plant: inFunction('audit.note_actor', [`coalesce(auth.current_user_id()::text, '')`, `''`]),
  },
  {
    criterion: 'B1.3.2',
    breaks: 'whatever the setting says is the actor',
    plant: together(
      inFunction('audit.note_actor', [
        'pg_trigger_depth() = 1 or',
        `coalesce(current_setting('hma.actor', true), '') = '' and`,
      ]),
      sql`create or replace function audit.noted_actor() returns uuid language sql stable as
        $$ select nullif(right(current_setting('hma.actor', true), 36), '')::uuid $$`,
    ),
  },
  {
    criterion: 'B1.3.2',
    breaks: 'a note is kept for a whole transaction, whoever acts next',
    plant: inFunction('audit.note_actor', ['pg_trigger_depth() = 1 or', '']),
  },
  {
    criterion: 'B1.3.2',
    breaks: 'the mark of a note is not looked at',
    plant: inFunction(
      'audit.noted_actor',
      [VERIFIED, 'if false then'],
      [`nullif(substr(note, 65), '')`, 'case when length(note) in (36, 100) then right(note, 36) end'],
    ),
  },
  {
    criterion: 'B1.3.2',
    breaks: 'a note holds for every transaction of a connection',
    plant: inFunction('audit.mark', ['timestamptz_send(now())', `'\\x'::bytea`]),
  },
  {
    criterion: 'B1.3.2',
    breaks: 'an emptied note passes for nobody',
    plant: inFunction('audit.noted_actor', [VERIFIED, VERIFIED.replace(' then', ` and note <> '' then`)]),
  },
  {
    criterion: 'B1.3.2',
    breaks: 'the actor is asked for when the row is already gone',
    plant: sql`create or replace function audit.noted_actor() returns uuid language sql stable as
      $$ select auth.current_user_id() $$`,
  },
  {
    criterion: 'B1.3.2',
    breaks: 'the role that writes is taken for the login',
    plant: together(
      inFunction('audit.append', ['text := session_user', 'text := current_user']),
      inFunction('audit.rows_of_auth_users', ['text := session_user', 'text := current_user']),
    ),
  },
  {
    criterion: 'B1.3.2',
    breaks: 'the capture writes with the rights of the application',
    plant: sql`alter function audit.capture_update() security invoker`,
  },
  {
    criterion: 'B1.3.2',
    breaks: 'the capture of rows writes with the rights of whoever acts',
    plant: sql`alter function audit.rows_of_auth_users() security invoker`,
  },
  {
    criterion: 'B1.3.2',
    breaks: 'the request is not kept',
    plant: inFunction('audit.append', [`nullif(current_setting('hma.request', true), '')`, 'null']),
  },
  {
    criterion: 'B1.3.2',
    breaks: 'the application reads the key',
    plant: sql`grant usage on schema audit to hma_app; grant select on audit.actor_key to hma_app`,
  },
  {
    criterion: 'B1.3.2',
    breaks: 'the application may make notes',
    plant: sql`grant usage on schema audit to hma_app; grant execute on function audit.mark(bytea, text) to hma_app;
      grant select on audit.actor_key to hma_app`,
  },
  {
    criterion: 'B1.3.2',
    breaks: 'the application writes records of its own',
    plant: sql`grant usage on schema audit to hma_app; set local role hma_audit_writer;
      grant execute on function audit.write(text, text, uuid, jsonb) to hma_app; reset role`,
  },
  {
    criterion: 'B1.3.2',
    breaks: 'a change of the schema is put down to whoever the setting names',
    plant: inFunction('audit.write', [
      'entity_id, null, details',
      `entity_id, nullif(current_setting('hma.actor', true), '')::uuid, details`,
    ]),
  },
  {
    criterion: 'B1.3.2',
    breaks: 'a cascade forgets who began it',
    plant: inFunction('audit.note_actor', ['pg_trigger_depth() = 1 or', 'true or']),
  },
])
