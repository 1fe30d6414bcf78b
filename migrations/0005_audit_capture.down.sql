-- 0005 audit capture
revoke execute on function audit.digest(bigint, timestamptz, text, text, uuid, uuid, text, text, xid8, jsonb) from hma_audit_writer;
revoke execute on function audit.framed(text)         from hma_audit_writer;
revoke execute on function audit.leaf_of(timestamptz) from hma_audit_writer;
revoke usage on sequence audit.audit_log_id           from hma_audit_writer;
revoke insert on audit.audit_log                      from hma_audit_writer;
drop function audit.watch(regclass, name[]);
drop function audit.capture_truncate();
drop function audit.capture_update();
drop function audit.capture_rows();
drop function audit.note_actor();
drop function audit.require_month();
drop function audit.write(text, text, uuid, jsonb);
revoke usage on schema audit from hma_audit_writer;
