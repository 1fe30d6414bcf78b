import { faults, inFunction, sql, together } from '../harness/setup.ts'

const leaf = (ahead: number) =>
  `'audit_log_' || to_char((now() at time zone 'utc') + interval '${ahead} months', 'YYYY_MM')`

/** Makes the leaf of next month anew, with other bounds; `first` and `last` are what is added to its edges. */
const shifted = (first: string, last: string) => sql`do $$
  declare
    name constant text := ${leaf(1)};
    opens constant timestamptz := (date_trunc('month', now() at time zone 'utc') + interval '1 month') at time zone 'utc';
  begin
    set local session_replication_role = replica;
    execute format('drop table audit.%I', ${leaf(0)});
    execute format('drop table audit.%I', name);
    execute format('create table audit.%I partition of audit.audit_log for values from (%L) to (%L)',
      ${leaf(0)}, opens - interval '1 month', opens + interval '${first}');
    execute format('create table audit.%I partition of audit.audit_log for values from (%L) to (%L)',
      name, opens + interval '${last}', opens + interval '1 month');
  end $$`

export default faults({
  'B1.2.1': {
    'two leaves have each other’s name': sql`do $$ begin
      set local session_replication_role = replica;
      execute format('alter table audit.%I rename to swapped', ${leaf(0)});
      execute format('alter table audit.%I rename to %I', ${leaf(1)}, ${leaf(0)});
      execute format('alter table audit.swapped rename to %I', ${leaf(1)});
    end $$`,
    'one leaf holds every month to come': sql`do $$ begin
      set local session_replication_role = replica;
      execute format('drop table audit.%I, audit.%I, audit.%I', ${leaf(1)}, ${leaf(2)}, ${leaf(3)});
      execute format('create table audit.rest partition of audit.audit_log for values from (%L) to (maxvalue)',
        (date_trunc('month', now() at time zone 'utc') + interval '1 month') at time zone 'utc');
    end $$`,
  },
  'B1.2.2': {
    'a month ends five hours early': shifted('-5 hours', '-5 hours'),
    'a month ends a microsecond late': shifted('1 microsecond', '1 microsecond'),
    'a microsecond lies between two months': shifted('-1 microsecond', '0'),
    'bounds are written without their offset, in the time zone of the session': together(
      inFunction('audit.create_leaf', ['00:00:00+00', '00:00:00'], [' SET "TimeZone" TO \'UTC\'\n', '']),
      inFunction('audit.ensure_partitions', [' SET "TimeZone" TO \'UTC\'\n', '']),
    ),
    'a month ends on its last day': inFunction('audit.create_leaf', [
      `interval '1 month'`,
      `interval '1 month' - interval '1 day'`,
    ]),
  },
  'B1.2.3': {
    'only two months are prepared ahead': inFunction('audit.ensure_partitions', [
      'integer DEFAULT 3',
      'integer DEFAULT 2',
    ]),
    'the current month is left out': inFunction('audit.ensure_partitions', [
      'in 0 .. months_ahead',
      'in 1 .. months_ahead',
    ]),
    'no month is ever prepared ahead': inFunction('audit.ensure_partitions', [
      'in 0 .. months_ahead',
      'in 0 .. 0',
    ]),
    'months that are there are made again': inFunction('audit.ensure_partitions', [
      'continue when audit.has_month(from_day::timestamptz);',
      '',
    ]),
    'two sessions are not kept apart': inFunction('audit.ensure_partitions', [
      `perform pg_advisory_xact_lock(hashtextextended('audit.ensure_partitions', 0));`,
      '',
    ]),
    'a table of the right name passes for a leaf': inFunction(
      'audit.has_month',
      ['pg_partition_root(', '('],
      [`= ('audit.audit_log'::regclass)::oid`, 'is not null'],
    ),
    'a helper that was asked for nothing prepares nothing': inFunction('audit.ensure_partitions', [
      'months_ahead is null or ',
      '',
    ]),
    'a gap does not end the count of months ahead': sql`create or replace function audit.months_ahead() returns integer language sql stable as $$
      select count(*)::integer - 1 from generate_series(0, 121) ahead
       where audit.has_month(date_trunc('month', clock_timestamp()) + make_interval(months => ahead)) $$`,
  },
})
