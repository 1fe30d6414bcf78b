import { faults, inFunction, sql } from '../harness/setup.ts'

export default faults([
  {
    criterion: 'B1.3.4',
    breaks: 'a table came without audit and times',
    plant: sql`create table auth.devices (id uuid not null, name text)`,
  },
  {
    criterion: 'B1.3.4',
    breaks: 'a table came with audit and without times',
    plant: sql`create table auth.devices (id uuid not null, name text); select audit.watch('auth.devices', 'name')`,
  },
  {
    criterion: 'B1.3.4',
    breaks: 'a table lost the audit of its deletions',
    plant: sql`drop trigger deletes_are_audited on auth.sessions`,
  },
  {
    criterion: 'B1.3.4',
    breaks: 'a trigger is off',
    plant: sql`alter table auth.users disable trigger updates_are_audited`,
  },
  {
    criterion: 'B1.3.4',
    breaks: 'a trigger fires in replica mode alone',
    plant: sql`alter table auth.users enable replica trigger inserts_are_audited`,
  },
  {
    criterion: 'B1.3.4',
    breaks: 'a trigger looks at one column',
    plant: sql`drop trigger sessions_are_stamped on auth.sessions;
      create trigger sessions_are_stamped before insert or update of ended_at on auth.sessions
        for each row execute function ops.stamp_times()`,
  },
  {
    criterion: 'B1.3.4',
    breaks: 'a trigger never finds a reason',
    plant: sql`drop trigger updates_are_audited on auth.sessions;
      create trigger updates_are_audited after update on auth.sessions for each row when (false)
        execute function audit.capture_update('user_id', 'started_at', 'expires_at', 'ended_at')`,
  },
  {
    criterion: 'B1.3.4',
    breaks: 'a trigger calls another function',
    plant: sql`drop trigger truncates_are_audited on auth.users;
      create trigger truncates_are_audited after truncate on auth.users for each statement execute function audit.note_actor()`,
  },
  {
    criterion: 'B1.3.4',
    breaks: 'a table is put under audit without its truncates',
    plant: inFunction('audit.watch', [
      'execute function audit.capture_truncate()',
      'execute function audit.note_actor()',
    ]),
  },
  {
    criterion: 'B1.3.4',
    breaks: 'a table without an id is put under audit',
    plant: inFunction('audit.watch', [`array_append(may_be_copied, 'id'::name)`, 'may_be_copied']),
  },
  {
    criterion: 'B1.3.4',
    breaks: 'a column that is not there may be named',
    plant: inFunction('audit.watch', [`array_append(may_be_copied, 'id'::name)`, `array['id'::name]`]),
  },
  {
    criterion: 'B1.3.4',
    breaks: 'a table cannot be taken out of audit',
    plant: inFunction('audit.unwatch', ['drop function %s', 'select 1 -- %s']),
  },
  {
    criterion: 'B1.3.4',
    breaks: 'a personal column may be copied',
    plant: sql`comment on column auth.users.registered_on is '[personal] When the person came.'`,
  },
  {
    criterion: 'B1.3.4',
    breaks: 'an internal column is not copied',
    plant: sql`alter table auth.users add column locale text; comment on column auth.users.locale is '[internal] Language.'`,
  },
])
