-- 0010 analytics
drop view analytics.acceptances_by_document;
drop view analytics.sessions_by_day;
drop view analytics.people_by_age;
drop view analytics.registrations_by_month;
revoke usage on schema analytics from analytics_reader;
revoke all on reference.legal_documents, auth.legal_acceptance, auth.sessions, auth.users from hma_analytics_definer;
revoke usage on schema auth, reference from hma_analytics_definer;
