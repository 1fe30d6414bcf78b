-- 0005 audit capture
revoke execute on function audit.digest(bytea, bigint, uuid, jsonb) from hma_audit_writer;
revoke execute on function audit.circumstances(timestamptz, text, text, uuid, text, text, xid8) from hma_audit_writer;
revoke execute on function audit.has_month(timestamptz), audit.leaf_of(timestamptz) from hma_audit_writer;
revoke usage on sequence audit.audit_log_id from hma_audit_writer;
revoke insert on audit.audit_log from hma_audit_writer;
drop function audit.unwatch(regclass);
drop function audit.watch(regclass, name[]);
drop function audit.capture_of(regclass);
drop function audit.capture_truncate();
drop function audit.capture_update();
drop function audit.actor();
drop function audit.write(text, text, uuid, jsonb);
drop function audit.append(text, text, uuid, uuid, jsonb);
drop function audit.require_month(timestamptz);
revoke usage on schema audit from hma_audit_writer;
