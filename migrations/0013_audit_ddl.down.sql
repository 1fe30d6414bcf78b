-- 0013 audit of DDL
drop event trigger audit_drops_are_recorded;
drop event trigger audit_ddl_is_recorded;
drop function audit.record_drop();
drop function audit.record_ddl();
drop function audit.is_recorded(text, text);
drop function audit.home_of(oid, oid, text);
