-- 0003 audit log
drop function audit.months_ahead();
drop function audit.ensure_partitions(integer);
drop function audit.create_leaf(date);
drop function audit.has_month(timestamptz);
drop function audit.leaf_of(timestamptz);
drop function audit.digest(audit.audit_log);
drop function audit.digest(bytea, bigint, uuid, jsonb);
drop function audit.circumstances(timestamptz, text, text, uuid, text, text, xid8);
drop table audit.audit_log;
drop function audit.refuse_forged_row();
drop function ops.refuse_change();
