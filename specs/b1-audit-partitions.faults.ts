import { faults, inFunction, sql, together } from '../harness/setup.ts'

const leaf = (ahead: number) =>
  `'audit_log_' || to_char((now() at time zone 'utc') + interval '${ahead} months', 'YYYY_MM')`

const NEXT_MONTH = `((date_trunc('month', now() at time zone 'utc') + interval '1 month') at time zone 'utc')`

/** Creates the leaves of this month and the next again; the intervals are added to the bound between them. */
const moveBound = (endsAt: string, startsAt: string) => sql`do $$ begin
    set local session_replication_role = replica;
    execute format('drop table audit.%I, audit.%I', ${leaf(0)}, ${leaf(1)});
    execute format('create table audit.%I partition of audit.audit_log for values from (%L) to (%L)',
      ${leaf(0)}, ${NEXT_MONTH} - interval '1 month', ${NEXT_MONTH} + interval '${endsAt}');
    execute format('create table audit.%I partition of audit.audit_log for values from (%L) to (%L)',
      ${leaf(1)}, ${NEXT_MONTH} + interval '${startsAt}', ${NEXT_MONTH} + interval '1 month');
  end $$`

const inHelper = (find: string, replace: string) => inFunction('audit.ensure_partitions', [find, replace])

export default faults({
  'B1.2.1': {
    'the names of two leaves are swapped': sql`do $$ begin
      set local session_replication_role = replica;
      execute format('alter table audit.%I rename to swapped', ${leaf(0)});
      execute format('alter table audit.%I rename to %I', ${leaf(1)}, ${leaf(0)});
      execute format('alter table audit.swapped rename to %I', ${leaf(1)});
    end $$`,
    'one leaf holds all future months': sql`do $$ begin
      set local session_replication_role = replica;
      execute format('drop table audit.%I, audit.%I, audit.%I', ${leaf(1)}, ${leaf(2)}, ${leaf(3)});
      execute format('create table audit.rest partition of audit.audit_log for values from (%L) to (maxvalue)', ${NEXT_MONTH});
    end $$`,
  },
  'B1.2.2': {
    'a record has the time of UTC read in the time zone of the session': inFunction('audit.append', [
      'moment     constant timestamptz := clock_timestamp();',
      "moment     constant timestamptz := clock_timestamp() at time zone 'utc';",
    ]),
    'a month ends five hours early': moveBound('-5 hours', '-5 hours'),
    'a month ends a microsecond late': moveBound('1 microsecond', '1 microsecond'),
    'the last microsecond of a month is in no leaf': moveBound('-1 microsecond', '0'),
    'bounds are in the time zone of the session': together(
      inFunction('audit.create_leaf', ['00:00:00+00', '00:00:00'], [' SET "TimeZone" TO \'UTC\'\n', '']),
      inHelper(' SET "TimeZone" TO \'UTC\'\n', ''),
    ),
    'an audited change looks for the month of the session': sql`create or replace function audit.leaf_of(moment timestamptz) returns text
      language sql stable parallel safe return 'audit_log_' || to_char(moment, 'YYYY_MM')`,
    'the last day of a month is in no leaf': inFunction('audit.create_leaf', [
      `interval '1 month'`,
      `interval '1 month' - interval '1 day'`,
    ]),
    'the second next month begins an hour late': sql`do $$ declare first date := (date_trunc('month', now(), 'UTC') + interval '2 months')::date; leaf text := audit.leaf_of(first::timestamptz); begin set local timezone = 'UTC'; first := (date_trunc('month', now(), 'UTC') + interval '2 months')::date; leaf := 'audit_log_' || to_char(first, 'YYYY_MM'); execute format('alter table audit.audit_log detach partition audit.%I', leaf); execute format('alter table audit.audit_log attach partition audit.%I for values from (%L) to (%L)', leaf, first::timestamptz + interval '1 hour', (first + interval '1 month')::timestamptz); end $$`,
  },
  'B1.2.3': {
    'only two months are prepared ahead': inHelper('integer DEFAULT 3', 'integer DEFAULT 2'),
    'the current month is not prepared': inHelper('in 0 .. months_ahead', 'in 1 .. months_ahead'),
    'only the current month is prepared': inHelper('in 0 .. months_ahead', 'in 0 .. 0'),
    'the partition helper looks for the month before in a session east of greenwich': sql`
      alter function audit.ensure_partitions(integer) reset timezone`,
    'months_ahead counts the months of its session': sql`alter function audit.months_ahead() reset timezone`,
    'existing leaves are created again': inHelper(
      'continue when audit.has_month(from_day::timestamptz);',
      '',
    ),
    'the helper takes no lock': inHelper(
      'lock table only audit.audit_log in share update exclusive mode;',
      '',
    ),
    'the lock keeps only sessions of one login apart': inHelper(
      'lock table only audit.audit_log in share update exclusive mode;',
      'perform pg_advisory_xact_lock(hashtextextended(session_user, 0));',
    ),
    'a table with the name of a leaf counts as a prepared month': inFunction(
      'audit.has_month',
      ['pg_partition_root(', '('],
      [`= ('audit.audit_log'::regclass)::oid`, 'is not null'],
    ),
    'neither the least nor the greatest number of months is accepted': inHelper(
      'not between 0 and 120',
      'not between 1 and 119',
    ),
    'null months ahead are accepted': inHelper('months_ahead is null or ', ''),
    'months_ahead counts months after a missing one': sql`create or replace function audit.months_ahead() returns integer language sql stable as $$
      select count(*)::integer - 1 from generate_series(0, 121) ahead
       where audit.has_month(date_trunc('month', clock_timestamp()) + make_interval(months => ahead)) $$`,
  },
})
