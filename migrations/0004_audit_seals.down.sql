-- 0004 audit seals
revoke select on sequence audit.audit_log_id from hma_monitor;
revoke usage on schema audit from hma_monitor;

drop function audit.remove_expired(integer);
drop function audit.months_before(date);
drop function audit.verify(bytea);
drop function audit.sealed_root_of(date);
drop function audit.seal();
drop function audit.last_settled_id();
drop function audit.lock_log(text);
drop function audit.chain_of(bytea, audit.audit_seal);
drop function audit.root_of(date, bigint, bigint);
drop table audit.audit_removal;
drop table audit.audit_seal;
