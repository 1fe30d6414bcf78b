-- 0004 audit seals
drop function audit.remove_expired(integer);
drop function audit.verify(bytea);
drop function audit.seal();
drop function audit.chain_of(bytea, audit.audit_seal);
drop function audit.root_of(date, bigint, bigint);
drop table audit.audit_removal;
drop table audit.audit_seal;
