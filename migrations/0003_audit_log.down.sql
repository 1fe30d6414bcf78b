-- 0003 audit log
drop table audit.audit_log;
drop function audit.months_ahead();
drop function audit.ensure_partitions(integer);
drop function audit.create_leaf(date);
drop function audit.leaf_of(timestamptz);
drop function audit.digest(bigint, timestamptz, text, text, uuid, uuid, text, text, xid8, jsonb);
drop function audit.framed(text);
drop function ops.refuse_change();
