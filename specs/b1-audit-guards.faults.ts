import { faults, inFunction, sql } from '../harness/setup.ts'

const onThisLeaf = (statement: string) => sql`do $$ begin
  execute format('${statement}', audit.leaf_of(now()));
end $$`

const guard = (definition: string) => sql`drop trigger audit_rows_are_final on audit.audit_log;
  create trigger audit_rows_are_final ${definition} execute function ops.refuse_change();
  alter table audit.audit_log enable always trigger audit_rows_are_final`

export default faults({
  'B1.2.5': {
    'the guard is gone from the parent': sql`drop trigger audit_rows_are_final on audit.audit_log`,
    'the guard is off on one leaf': onThisLeaf('alter table audit.%I disable trigger audit_rows_are_final'),
    'a leaf can be truncated': onThisLeaf('drop trigger audit_rows_are_final_as_a_whole on audit.%I'),
    'a month that is made later gets no guard against truncate': inFunction('audit.create_leaf', [
      'for each statement execute',
      'for each statement when (false) execute',
    ]),
    'a delete is let through': guard('before update on audit.audit_log for each row'),
    'an update is let through': guard('before delete on audit.audit_log for each row'),
    'the guard looks at one column': guard(
      'before update of entity or delete on audit.audit_log for each row',
    ),
    'the guard never finds a reason': guard(
      'before update or delete on audit.audit_log for each row when (old.id < 0)',
    ),
    'the guard skips the row in silence': sql`create or replace function ops.refuse_change() returns trigger language plpgsql as
      $$ begin return null; end $$`,
    'replica mode passes the guard': sql`alter table audit.audit_log enable trigger audit_rows_are_final`,
    'replica mode passes the guard of a leaf': onThisLeaf(
      'alter table audit.%I enable trigger audit_rows_are_final_as_a_whole',
    ),
    'the application may truncate a leaf, if only the guard let it': onThisLeaf(
      'grant usage on schema audit to hma_app; grant truncate on audit.%I to hma_app',
    ),
    'the writer may delete': sql`grant select, delete on audit.audit_log to hma_audit_writer`,
    'what is created later may be truncated by the application': sql`grant usage on schema audit to hma_app;
      alter default privileges in schema audit grant truncate on tables to hma_app`,
    'seals can be deleted': sql`drop trigger seals_are_final on audit.audit_seal`,
    'what is altered is not recorded': sql`alter event trigger audit_ddl_is_recorded disable`,
    'what is dropped is not recorded': sql`alter event trigger audit_drops_are_recorded disable`,
    'only the audit’s own tables are watched, not those under audit': inFunction('audit.is_recorded', [
      `'auth'::text`,
      `'nowhere'::text`,
    ]),
    'a trigger is taken for an object without a home': inFunction('audit.is_recorded', [
      `'trigger'::text, 'rule'::text,`,
      '',
    ]),
    'a row that was not written is not missed': inFunction('audit.append', [
      'if not found then',
      'if false then',
    ]),
  },
})
