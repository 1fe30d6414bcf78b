import { clusterSql, faults, sql } from '../harness/setup.ts'

const registrations = (columns: string, having: string) => `
  create or replace view analytics.registrations_by_month with (security_barrier) as
      select date_trunc('month', registered_on)::date as month, count(*) as people ${columns}
        from auth.users group by 1 having ${having}`

const ages = (columns: string, having: string) => `
  create or replace view analytics.people_by_age with (security_barrier) as
      select width_bucket(extract(year from age(now() at time zone 'utc', date_of_birth)), array[18, 25, 35, 45, 55, 65]::numeric[]) as band,
             count(*) as people ${columns}
        from auth.users group by 1 having ${having}`

const sessions = (having: string) => `
  create or replace view analytics.sessions_by_day with (security_barrier) as
      select (started_at at time zone 'utc')::date as day, count(*) as sessions, count(distinct user_id) as people
        from auth.sessions group by 1 having ${having}`

const acceptances = (having: string) => `
  create or replace view analytics.acceptances_by_document with (security_barrier) as
      select d.name, d.version, count(*) as people
        from auth.legal_acceptance a join reference.legal_documents d on d.id = a.document_id
       group by d.id having ${having}`

const withoutBarrier = (view: string) => sql`alter view analytics.${view} reset (security_barrier)`

export default faults({
  'C1.3.1': {
    'a column of people has no class': sql`alter table auth.users add column nickname text`,
    'a column lost its class': sql`comment on column auth.sessions.token_hash is 'SHA-256 of the token.'`,
    'a column has a class that nobody knows': sql`comment on column auth.users.email is '[public] Where the person is reached.'`,
    'a column has two classes': sql`comment on column auth.users.email is '[internal] [personal] Where the person is reached.'`,
    'a view in auth has no classes': sql`create view auth.people as select id, email from auth.users`,
    'the application reads hashes of tokens': sql`grant select (token_hash) on auth.sessions to hma_app`,
    'the migrator reads secrets without becoming the owner': clusterSql(
      'grant hma_owner to hma_migrator with inherit true',
      'grant hma_owner to hma_migrator with inherit false',
    ),
    'the reader reads addresses': sql`grant select (email) on auth.users to analytics_reader`,
  },
  'C1.3.2': {
    'a view shows an address of each group': sql`
      grant select (email) on auth.users to hma_analytics_definer;
      ${registrations(', min(email) as first', 'count(*) >= 10')};
      comment on column analytics.registrations_by_month.first is '[aggregate] The first of them.'`,
    'a view shows a birth date of each group': sql`
      ${ages(', min(date_of_birth) as eldest', 'count(*) >= 10')};
      comment on column analytics.people_by_age.eldest is '[aggregate] Of the eldest.'`,
    'registrations show nine': sql`${registrations('', 'count(*) >= 9')}`,
    'registrations hide ten': sql`${registrations('', 'count(*) > 10')}`,
    'ages show nine': sql`${ages('', 'count(*) >= 9')}`,
    'ages hide ten': sql`${ages('', 'count(*) > 10')}`,
    'sessions show nine': sql`${sessions('count(distinct user_id) >= 9')}`,
    'sessions hide ten': sql`${sessions('count(distinct user_id) > 10')}`,
    'sessions count, not people': sql`${sessions('count(*) >= 10')}`,
    'acceptances show nine': sql`${acceptances('count(*) >= 9')}`,
    'acceptances hide ten': sql`${acceptances('count(*) > 10')}`,
    'registrations run filters before they count': withoutBarrier('registrations_by_month'),
    'ages run filters before they count': withoutBarrier('people_by_age'),
    'sessions run filters before they count': withoutBarrier('sessions_by_day'),
    'acceptances run filters before they count': withoutBarrier('acceptances_by_document'),
    'a new view is no barrier': sql`
      create view analytics.people as select count(*) as people from auth.users;
      comment on column analytics.people.people is '[aggregate] How many.'`,
    'a figure is not said to be one': sql`comment on column analytics.people_by_age.people is 'How many.'`,
  },
})
