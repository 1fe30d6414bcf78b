-- 0010 analytics
-- needs:  0007
-- proves: C1.0.3, C1.3.2
-- Aggregates without personal data. Groups of fewer than ten users are left out, because a small group can identify a person, and
-- every number is rounded down to a multiple of ten, because exact ones give a left-out group away as a difference: between a total
-- and its parts, or between before and after. For the same reason they end with the day before, in UTC. What stays: somebody
-- who can register users sees when a group passes a multiple of ten, and so how many others are in it; once a day at most.
-- The views run as a role that can read only the columns that they count; security_barrier prevents functions of the reader from
-- seeing rows before the views aggregate them.
create view analytics.registrations_by_month with (security_barrier) as
    select date_trunc('month', registered_on)::date as month, count(*) / 10 * 10 as people
      from auth.users where registered_on < (now() at time zone 'utc')::date group by 1 having count(*) >= 10;
comment on view analytics.registrations_by_month is 'Number of users registered in each month, rounded down to tens.';
comment on column analytics.registrations_by_month.month  is '[aggregate] First day of the month, in UTC.';
comment on column analytics.registrations_by_month.people is '[aggregate] Number of users.';

create view analytics.people_by_age with (security_barrier) as
    select width_bucket(extract(year from age(now() at time zone 'utc', date_of_birth)), array[18, 25, 35, 45, 55, 65]::numeric[]) as band,
           count(*) / 10 * 10 as people
      from auth.users where registered_on < (now() at time zone 'utc')::date group by 1 having count(*) >= 10;
comment on view analytics.people_by_age is 'Number of users in each age band, rounded down to tens.';
comment on column analytics.people_by_age.band   is '[aggregate] 1: 18 to 24, 2: to 34, 3: to 44, 4: to 54, 5: to 64, 6: 65 and older.';
comment on column analytics.people_by_age.people is '[aggregate] Number of users.';

create view analytics.sessions_by_day with (security_barrier) as
    select (started_at at time zone 'utc')::date as day, count(*) / 10 * 10 as sessions, count(distinct user_id) / 10 * 10 as people
      from auth.sessions where started_at < date_trunc('day', now(), 'UTC') group by 1 having count(distinct user_id) >= 10;
comment on view analytics.sessions_by_day is 'Number of sessions that began on each day, and of their users, rounded down to tens.';
comment on column analytics.sessions_by_day.day      is '[aggregate] Day in UTC.';
comment on column analytics.sessions_by_day.sessions is '[aggregate] Number of sessions.';
comment on column analytics.sessions_by_day.people   is '[aggregate] Number of users.';

create view analytics.acceptances_by_document with (security_barrier) as
    select d.name, d.version, count(*) / 10 * 10 as people
      from auth.legal_acceptance a join reference.legal_documents d on d.id = a.document_id
     where a.accepted_at < date_trunc('day', now(), 'UTC')
     group by d.id having count(*) >= 10;
comment on view analytics.acceptances_by_document is 'Number of users who accepted each document version, rounded down to tens.';
comment on column analytics.acceptances_by_document.name    is '[aggregate] Name of the document.';
comment on column analytics.acceptances_by_document.version is '[aggregate] Version of the document.';
comment on column analytics.acceptances_by_document.people  is '[aggregate] Number of users.';

grant usage on schema auth, reference to hma_analytics_definer;
grant select (date_of_birth, registered_on)    on auth.users                to hma_analytics_definer;
grant select (started_at, user_id)             on auth.sessions             to hma_analytics_definer;
grant select (document_id, accepted_at)        on auth.legal_acceptance     to hma_analytics_definer;
grant select (id, name, version)               on reference.legal_documents to hma_analytics_definer;

grant usage on schema analytics to analytics_reader;
grant select on all tables in schema analytics to analytics_reader;

grant usage, create on schema analytics to hma_analytics_definer;
alter view analytics.registrations_by_month  owner to hma_analytics_definer;
alter view analytics.people_by_age           owner to hma_analytics_definer;
alter view analytics.sessions_by_day         owner to hma_analytics_definer;
alter view analytics.acceptances_by_document owner to hma_analytics_definer;
revoke usage, create on schema analytics from hma_analytics_definer;
