import { faults, inFunction, sql } from '../harness/setup.ts'

const onThisLeaf = (statement: string) => sql`do $$ begin
  execute format('${statement}', audit.leaf_of(now()));
end $$`

const guard = (definition: string) => sql`drop trigger audit_rows_are_final on audit.audit_log;
  create trigger audit_rows_are_final ${definition} execute function ops.refuse_change();
  alter table audit.audit_log enable always trigger audit_rows_are_final`

export default faults([
  {
    criterion: 'B1.2.5',
    breaks: 'the guard is gone from the parent',
    plant: sql`drop trigger audit_rows_are_final on audit.audit_log`,
  },
  {
    criterion: 'B1.2.5',
    breaks: 'the guard is off on one leaf',
    plant: onThisLeaf('alter table audit.%I disable trigger audit_rows_are_final'),
  },
  {
    criterion: 'B1.2.5',
    breaks: 'a leaf can be truncated',
    plant: onThisLeaf('drop trigger audit_rows_are_final_as_a_whole on audit.%I'),
  },
  {
    criterion: 'B1.2.5',
    breaks: 'a month that is made later gets no guard against truncate',
    plant: inFunction('audit.create_leaf', [
      'for each statement execute',
      'for each statement when (false) execute',
    ]),
  },
  {
    criterion: 'B1.2.5',
    breaks: 'a delete is let through',
    plant: guard('before update on audit.audit_log for each row'),
  },
  {
    criterion: 'B1.2.5',
    breaks: 'an update is let through',
    plant: guard('before delete on audit.audit_log for each row'),
  },
  {
    criterion: 'B1.2.5',
    breaks: 'the guard looks at one column',
    plant: guard('before update of entity or delete on audit.audit_log for each row'),
  },
  {
    criterion: 'B1.2.5',
    breaks: 'the guard never finds a reason',
    plant: guard('before update or delete on audit.audit_log for each row when (old.id < 0)'),
  },
  {
    criterion: 'B1.2.5',
    breaks: 'the guard skips the row in silence',
    plant: sql`create or replace function ops.refuse_change() returns trigger language plpgsql as
      $$ begin return null; end $$`,
  },
  {
    criterion: 'B1.2.5',
    breaks: 'replica mode passes the guard',
    plant: sql`alter table audit.audit_log enable trigger audit_rows_are_final`,
  },
  {
    criterion: 'B1.2.5',
    breaks: 'replica mode passes the guard of a leaf',
    plant: onThisLeaf('alter table audit.%I enable trigger audit_rows_are_final_as_a_whole'),
  },
  {
    criterion: 'B1.2.5',
    breaks: 'the application may truncate a leaf, if only the guard let it',
    plant: onThisLeaf('grant usage on schema audit to hma_app; grant truncate on audit.%I to hma_app'),
  },
  {
    criterion: 'B1.2.5',
    breaks: 'the writer may delete',
    plant: sql`grant select, delete on audit.audit_log to hma_audit_writer`,
  },
  {
    criterion: 'B1.2.5',
    breaks: 'what is created later may be truncated by the application',
    plant: sql`grant usage on schema audit to hma_app;
      alter default privileges in schema audit grant truncate on tables to hma_app`,
  },
  {
    criterion: 'B1.2.5',
    breaks: 'seals can be deleted',
    plant: sql`drop trigger seals_are_final on audit.audit_seal`,
  },
  {
    criterion: 'B1.2.5',
    breaks: 'what is altered is not recorded',
    plant: sql`alter event trigger audit_ddl_is_recorded disable`,
  },
  {
    criterion: 'B1.2.5',
    breaks: 'what is dropped is not recorded',
    plant: sql`alter event trigger audit_drops_are_recorded disable`,
  },
  {
    criterion: 'B1.2.5',
    breaks: 'only the audit’s own tables are watched, not those under audit',
    plant: inFunction('audit.is_recorded', [`'auth'::text`, `'nowhere'::text`]),
  },
  {
    criterion: 'B1.2.5',
    breaks: 'a trigger is taken for an object without a home',
    plant: inFunction('audit.is_recorded', [`'trigger'::text, 'rule'::text,`, '']),
  },
  {
    criterion: 'B1.2.5',
    breaks: 'a row that was not written is not missed',
    plant: inFunction('audit.append', ['if not found then', 'if false then']),
  },
])
