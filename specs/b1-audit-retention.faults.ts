import { faults, inFunction, sql } from '../harness/setup.ts'

const KEPT = 'make_interval(months => months_kept)'

export default faults({
  'B1.2.6': {
    'a month too many is removed': inFunction('audit.remove_expired', [
      KEPT,
      'make_interval(months => months_kept - 1)',
    ]),
    'a month too few is removed': inFunction('audit.remove_expired', [
      KEPT,
      'make_interval(months => months_kept + 1)',
    ]),
    'the last of the expired months is kept': inFunction('audit.remove_expired', [
      `date_trunc('month', clock_timestamp())`,
      `date_trunc('year', clock_timestamp())`,
    ]),
    'only twelve months are kept where nobody says how many': inFunction('audit.remove_expired', [
      'integer DEFAULT 24',
      'integer DEFAULT 12',
    ]),
    'less than a year may be kept': inFunction('audit.remove_expired', [
      'months_kept < 12',
      'months_kept < 11',
    ]),
    'who asks for no number is let through': inFunction('audit.remove_expired', [
      'months_kept is null or ',
      '',
    ]),
    'the rows go and no record stays': sql`create function public.swallow() returns trigger language plpgsql as $$ begin return null; end $$;
      create trigger swallowed before insert on audit.audit_removal for each row execute function public.swallow()`,
    'the count is of the last window alone': inFunction('audit.sealed_root_of', [
      'sum(s.row_count)',
      'max(s.row_count)',
    ]),
    'the hash is of nothing': inFunction('audit.sealed_root_of', [
      `string_agg(s.root, ''::bytea order by s.number)`,
      `string_agg(''::bytea, ''::bytea)`,
    ]),
    'what was not sealed goes uncounted': inFunction('audit.remove_expired', ['perform audit.seal();', '']),
    'rows are recorded as removed and stay': inFunction('audit.remove_expired', [
      `execute format('drop table audit.%I', audit.leaf_of(gone::timestamptz));`,
      'null;',
    ]),
    'a leaf is judged by its name': inFunction('audit.months_before', [
      'and m.bound = ',
      'or false and m.bound = ',
    ]),
    'evidence is removed with the rest': inFunction('audit.remove_expired', [
      'if altered is not null then',
      'if false then',
    ]),
    'a removal can be rewritten': sql`drop trigger removals_are_final on audit.audit_removal`,
    'what is dropped is not recorded': sql`drop event trigger audit_drops_are_recorded`,
  },
})
