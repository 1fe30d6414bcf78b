import { faults, inFunction, sql } from '../harness/setup.ts'

export default faults({
  'B1.3.4': {
    'a table came without audit and times': sql`create table auth.devices (id uuid not null, name text)`,
    'a table came with audit and without times': sql`create table auth.devices (id uuid not null, name text); select audit.watch('auth.devices', 'name')`,
    'a table lost the audit of its deletions': sql`drop trigger deletes_are_audited on auth.sessions`,
    'a trigger is off': sql`alter table auth.users disable trigger updates_are_audited`,
    'a trigger fires in replica mode alone': sql`alter table auth.users enable replica trigger inserts_are_audited`,
    'a trigger looks at one column': sql`drop trigger sessions_are_stamped on auth.sessions;
      create trigger sessions_are_stamped before insert or update of ended_at on auth.sessions
        for each row execute function ops.stamp_times()`,
    'a trigger never finds a reason': sql`drop trigger updates_are_audited on auth.sessions;
      create trigger updates_are_audited after update on auth.sessions for each row when (false)
        execute function audit.capture_update('user_id', 'started_at', 'expires_at', 'ended_at')`,
    'a trigger calls another function': sql`drop trigger truncates_are_audited on auth.users;
      create trigger truncates_are_audited after truncate on auth.users for each statement execute function audit.note_actor()`,
    'a table is put under audit without its truncates': inFunction('audit.watch', [
      'execute function audit.capture_truncate()',
      'execute function audit.note_actor()',
    ]),
    'a table without an id is put under audit': inFunction('audit.watch', [
      `array_append(may_be_copied, 'id'::name)`,
      'may_be_copied',
    ]),
    'a column that is not there may be named': inFunction('audit.watch', [
      `array_append(may_be_copied, 'id'::name)`,
      `array['id'::name]`,
    ]),
    'a table cannot be taken out of audit': inFunction('audit.unwatch', [
      'drop function %s',
      'select 1 -- %s',
    ]),
    'a personal column may be copied': sql`comment on column auth.users.registered_on is '[personal] When the person came.'`,
    'an internal column is not copied': sql`alter table auth.users add column locale text; comment on column auth.users.locale is '[internal] Language.'`,
  },
})
