-- 0006 people
drop table auth.legal_acceptance;
drop function auth.refuse_early_acceptance();
drop table reference.legal_documents;
drop table auth.sessions;
