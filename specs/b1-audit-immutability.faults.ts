import { faults, inFunction, sql } from '../harness/setup.ts'

const onCurrentLeaf = (statement: string) => sql`do $$ begin
  execute format('${statement}', audit.leaf_of(now()));
end $$`

const onNextLeaf = (statement: string) => sql`do $$ begin
  execute format('${statement}', audit.leaf_of(date_trunc('month', now(), 'UTC') + interval '32 days'));
end $$`

const rowTrigger = (definition: string) => sql`drop trigger audit_rows_are_final on audit.audit_log;
  create trigger audit_rows_are_final ${definition} execute function ops.refuse_change();
  alter table audit.audit_log enable always trigger audit_rows_are_final`

export default faults({
  'B1.2.5': {
    'the row trigger is missing': sql`drop trigger audit_rows_are_final on audit.audit_log`,
    'the row trigger is disabled on one leaf': onCurrentLeaf(
      'alter table audit.%I disable trigger audit_rows_are_final',
    ),
    'the row trigger is disabled on the leaf of next month': onNextLeaf(
      'alter table audit.%I disable trigger audit_rows_are_final',
    ),
    'the row trigger of the leaf of next month fires in replica mode only': onNextLeaf(
      'alter table audit.%I enable replica trigger audit_rows_are_final',
    ),
    'the row trigger of the leaf of next month does not fire in replica mode': onNextLeaf(
      'alter table audit.%I enable trigger audit_rows_are_final',
    ),
    'the leaf of next month can be truncated': onNextLeaf(
      'drop trigger audit_rows_are_final_as_a_whole on audit.%I',
    ),
    'a rule discards deletes on the leaf of next month': onNextLeaf(
      'create rule discard as on delete to audit.%I do instead nothing',
    ),
    'a leaf can be truncated': onCurrentLeaf('drop trigger audit_rows_are_final_as_a_whole on audit.%I'),
    'a new leaf can be truncated': inFunction('audit.create_leaf', [
      'for each statement execute',
      'for each statement when (false) execute',
    ]),
    'the row trigger ignores deletes': rowTrigger('before update on audit.audit_log for each row'),
    'the row trigger ignores updates': rowTrigger('before delete on audit.audit_log for each row'),
    'the row trigger fires for updates of one column only': rowTrigger(
      'before update of entity or delete on audit.audit_log for each row',
    ),
    'the row trigger has a condition that is never true': rowTrigger(
      'before update or delete on audit.audit_log for each row when (old.id < 0)',
    ),
    'the row trigger skips the row without an error': sql`create or replace function ops.refuse_change() returns trigger language plpgsql as
      $$ begin return null; end $$`,
    'the row trigger does not fire in replica mode': sql`alter table audit.audit_log enable trigger audit_rows_are_final`,
    'the truncate trigger of a leaf does not fire in replica mode': onCurrentLeaf(
      'alter table audit.%I enable trigger audit_rows_are_final_as_a_whole',
    ),
    'the application has the privilege to truncate a leaf': onCurrentLeaf(
      'grant usage on schema audit to hma_app; grant truncate on audit.%I to hma_app',
    ),
    'the audit writer has the privilege to delete': sql`grant select, delete on audit.audit_log to hma_audit_writer`,
    'the application has the privilege to truncate new leaves': sql`grant usage on schema audit to hma_app;
      alter default privileges in schema audit grant truncate on tables to hma_app`,
    'seals can be deleted': sql`drop trigger seals_are_final on audit.audit_seal`,
    'a record that was not inserted is no error': inFunction('audit.append', [
      'if not found then',
      'if false then',
    ]),
    'rows about a row of a table may be deleted': rowTrigger(
      'before update or delete on audit.audit_log for each row when (old.entity_id is null)',
    ),
    'the monitor may truncate a leaf': onCurrentLeaf('grant truncate on audit.%I to hma_monitor'),
    'everybody may delete': sql`grant usage on schema audit to public; grant select, delete on audit.audit_log to public`,
    'the backup login may truncate the log': sql`grant truncate on audit.audit_log to hma_backup`,
    'rows without an actor may be deleted': sql`drop trigger audit_rows_are_final on audit.audit_log; create trigger audit_rows_are_final before update or delete on audit.audit_log for each row when (old.actor_id is not null) execute function ops.refuse_change(); alter table audit.audit_log enable always trigger audit_rows_are_final`,
    'old rows may be deleted': sql`drop trigger audit_rows_are_final on audit.audit_log; create trigger audit_rows_are_final before update or delete on audit.audit_log for each row when (old.occurred_at > now() - interval '1 year') execute function ops.refuse_change(); alter table audit.audit_log enable always trigger audit_rows_are_final`,
  },
})
