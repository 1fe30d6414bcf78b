import { faults, inFunction, sql, together } from '../harness/setup.ts'

const EXPIRED = 'make_interval(months => months_kept)'

const IN_UTC = ` SET "TimeZone" TO 'UTC'\n`

const inRemoval = (find: string, replace: string) => inFunction('audit.remove_expired', [find, replace])

export default faults({
  'B1.2.6': {
    'a month that is not expired is removed': inRemoval(EXPIRED, 'make_interval(months => months_kept - 1)'),
    'an expired month is not removed': inRemoval(EXPIRED, 'make_interval(months => months_kept + 1)'),
    'only months of expired years are removed': inRemoval(
      `date_trunc('month', clock_timestamp())`,
      `date_trunc('year', clock_timestamp())`,
    ),
    'the default retention is 12 months': inRemoval('integer DEFAULT 24', 'integer DEFAULT 12'),
    'a retention of less than a year is accepted': inRemoval('months_kept < 12', 'months_kept < 11'),
    'a retention of null is accepted': inRemoval('months_kept is null or ', ''),
    'a removal is not recorded': sql`create function public.discard() returns trigger language plpgsql as $$ begin return null; end $$;
      create trigger discarded before insert on audit.audit_removal for each row execute function public.discard()`,
    'the count is that of one window': inFunction('audit.sealed_root_of', [
      'sum(s.row_count)',
      'max(s.row_count)',
    ]),
    'the hash does not depend on the rows': inFunction('audit.sealed_root_of', [
      `string_agg(s.root, ''::bytea order by s.number)`,
      `string_agg(''::bytea, ''::bytea)`,
    ]),
    'unsealed rows are removed without a seal': inRemoval('perform audit.seal();', ''),
    'a removal is recorded and the leaf stays': inRemoval(
      `execute format('drop table audit.%I', audit.leaf_of(gone::timestamptz));`,
      'null;',
    ),
    'of several expired months only the first is dropped': inRemoval(
      'foreach gone in array expired loop',
      'foreach gone in array expired[1:1] loop',
    ),
    'of several expired months only the first is recorded': inRemoval(
      'from unnest(expired) m',
      'from unnest(expired[1:1]) m',
    ),
    'writers wait as long as a removal waits': inFunction('audit.lock_log', [`'100ms'`, `'3s'`]),
    'the bounds of a leaf are not checked': inFunction('audit.months_before', [
      'and m.bound = ',
      'or false and m.bound = ',
    ]),
    'the months are those of the client': together(
      inRemoval(IN_UTC, ''),
      inFunction('audit.months_before', [IN_UTC, '']),
    ),
    'an altered month is removed': inRemoval('if altered is not null then', 'if false then'),
    'the record of a removal can be updated': sql`drop trigger removals_are_final on audit.audit_removal`,
    'the drop of a leaf is not recorded': sql`drop event trigger audit_drops_are_recorded`,
    'a removal is not verified first': inFunction('audit.remove_expired', [
      'if altered is not null',
      'if altered is null and false',
    ]),
  },
})
