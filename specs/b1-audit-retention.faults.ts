import { faults, inFunction, sql } from '../harness/setup.ts'

const KEPT = 'make_interval(months => months_kept)'

export default faults([
  {
    criterion: 'B1.2.6',
    breaks: 'a month too many is removed',
    plant: inFunction('audit.remove_expired', [KEPT, 'make_interval(months => months_kept - 1)']),
  },
  {
    criterion: 'B1.2.6',
    breaks: 'a month too few is removed',
    plant: inFunction('audit.remove_expired', [KEPT, 'make_interval(months => months_kept + 1)']),
  },
  {
    criterion: 'B1.2.6',
    breaks: 'the last of the expired months is kept',
    plant: inFunction('audit.remove_expired', [
      `date_trunc('month', clock_timestamp())`,
      `date_trunc('year', clock_timestamp())`,
    ]),
  },
  {
    criterion: 'B1.2.6',
    breaks: 'only twelve months are kept where nobody says how many',
    plant: inFunction('audit.remove_expired', ['integer DEFAULT 24', 'integer DEFAULT 12']),
  },
  {
    criterion: 'B1.2.6',
    breaks: 'less than a year may be kept',
    plant: inFunction('audit.remove_expired', ['months_kept < 12', 'months_kept < 11']),
  },
  {
    criterion: 'B1.2.6',
    breaks: 'who asks for no number is let through',
    plant: inFunction('audit.remove_expired', ['months_kept is null or ', '']),
  },
  {
    criterion: 'B1.2.6',
    breaks: 'the rows go and no record stays',
    plant: sql`create function public.swallow() returns trigger language plpgsql as $$ begin return null; end $$;
      create trigger swallowed before insert on audit.audit_removal for each row execute function public.swallow()`,
  },
  {
    criterion: 'B1.2.6',
    breaks: 'the count is of the last window alone',
    plant: inFunction('audit.sealed_root_of', ['sum(s.row_count)', 'max(s.row_count)']),
  },
  {
    criterion: 'B1.2.6',
    breaks: 'the hash is of nothing',
    plant: inFunction('audit.sealed_root_of', [
      `string_agg(s.root, ''::bytea order by s.number)`,
      `string_agg(''::bytea, ''::bytea)`,
    ]),
  },
  {
    criterion: 'B1.2.6',
    breaks: 'what was not sealed goes uncounted',
    plant: inFunction('audit.remove_expired', ['perform audit.seal();', '']),
  },
  {
    criterion: 'B1.2.6',
    breaks: 'rows are recorded as removed and stay',
    plant: inFunction('audit.remove_expired', [
      `execute format('drop table audit.%I', audit.leaf_of(gone::timestamptz));`,
      'null;',
    ]),
  },
  {
    criterion: 'B1.2.6',
    breaks: 'a leaf is judged by its name',
    plant: inFunction('audit.months_before', ['and m.bound = ', 'or false and m.bound = ']),
  },
  {
    criterion: 'B1.2.6',
    breaks: 'evidence is removed with the rest',
    plant: inFunction('audit.remove_expired', ['if altered is not null then', 'if false then']),
  },
  {
    criterion: 'B1.2.6',
    breaks: 'a removal can be rewritten',
    plant: sql`drop trigger removals_are_final on audit.audit_removal`,
  },
  {
    criterion: 'B1.2.6',
    breaks: 'what is dropped is not recorded',
    plant: sql`drop event trigger audit_drops_are_recorded`,
  },
])
