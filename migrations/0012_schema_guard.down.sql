-- 0012 schema guard
drop event trigger the_owner_changes_the_schema;
drop function ops.refuse_ddl();
