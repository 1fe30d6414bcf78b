-- 0008 environment
drop function ops.mark_environment(text);
drop table ops.environment;
drop function ops.refuse_test_users();
