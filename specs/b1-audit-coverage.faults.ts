import { faults, inFunction, sql } from '../harness/setup.ts'
import { replaceTrigger } from './vocabulary/schema-faults.ts'

export default faults({
  'B1.3.4': {
    'a new table has neither audit nor timestamps': sql`create table auth.devices (id uuid not null, name text)`,
    'a new table has audit and no timestamps': sql`create table auth.devices (id uuid not null, name text); select audit.watch('auth.devices', 'name')`,
    'a leaf of a new table is written without a record': sql`
      create table auth.events (id uuid not null, created_at timestamptz, updated_at timestamptz) partition by list (id);
      create trigger events_are_stamped before insert or update on auth.events for each row execute function ops.stamp_times();
      select audit.watch('auth.events'); create table auth.events_of_all partition of auth.events default`,
    'deletes of sessions are not audited': sql`drop trigger deletes_are_audited on auth.sessions`,
    'an audit trigger is disabled': sql`alter table auth.users disable trigger updates_are_audited`,
    'an audit trigger fires only in replica mode': sql`alter table auth.users enable replica trigger inserts_are_audited`,
    'a trigger fires on one column only': replaceTrigger(
      'auth.sessions',
      'sessions_are_stamped',
      'before insert or update of ended_at',
      'for each row execute function ops.stamp_times()',
    ),
    'a trigger has a condition that is never true': replaceTrigger(
      'auth.sessions',
      'updates_are_audited',
      'after update',
      `for each row when (false) execute function audit.capture_update('user_id', 'started_at', 'expires_at', 'ended_at')`,
    ),
    'a trigger executes another function': replaceTrigger(
      'auth.users',
      'truncates_are_audited',
      'after truncate',
      'for each statement execute function ops.refuse_change()',
    ),
    'watch creates no trigger for truncates': inFunction('audit.watch', [
      'execute function audit.capture_truncate()',
      'execute function ops.refuse_change()',
    ]),
    'watch accepts a table without an id': inFunction('audit.watch', [
      `array_append(may_be_copied, 'id'::name)`,
      'may_be_copied',
    ]),
    'watch accepts a column that does not exist': inFunction('audit.watch', [
      `array_append(may_be_copied, 'id'::name)`,
      `array['id'::name]`,
    ]),
    'unwatch keeps the function of the table': inFunction('audit.unwatch', [
      'drop function %s',
      'select 1 -- %s',
    ]),
    'a column is copied that is not marked as audited': sql`comment on column auth.users.registered_on is '[internal] Date of registration.'`,
    'an audited column is not copied': sql`alter table auth.users add column locale text; comment on column auth.users.locale is '[internal, audited] Language.'`,
  },
})
