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

export default faults([
  {
    criterion: 'C1.3.1',
    breaks: 'a column of people has no class',
    plant: sql`alter table auth.users add column nickname text`,
  },
  {
    criterion: 'C1.3.1',
    breaks: 'a column lost its class',
    plant: sql`comment on column auth.sessions.token_hash is 'SHA-256 of the token.'`,
  },
  {
    criterion: 'C1.3.1',
    breaks: 'a column has a class that nobody knows',
    plant: sql`comment on column auth.users.email is '[public] Where the person is reached.'`,
  },
  {
    criterion: 'C1.3.1',
    breaks: 'a column has two classes',
    plant: sql`comment on column auth.users.email is '[internal] [personal] Where the person is reached.'`,
  },
  {
    criterion: 'C1.3.1',
    breaks: 'a view in auth has no classes',
    plant: sql`create view auth.people as select id, email from auth.users`,
  },
  {
    criterion: 'C1.3.1',
    breaks: 'the application reads hashes of tokens',
    plant: sql`grant select (token_hash) on auth.sessions to hma_app`,
  },
  {
    criterion: 'C1.3.1',
    breaks: 'the migrator reads secrets without becoming the owner',
    plant: clusterSql(
      'grant hma_owner to hma_migrator with inherit true',
      'grant hma_owner to hma_migrator with inherit false',
    ),
  },
  {
    criterion: 'C1.3.1',
    breaks: 'the reader reads addresses',
    plant: sql`grant select (email) on auth.users to analytics_reader`,
  },
  {
    criterion: 'C1.3.2',
    breaks: 'a view shows an address of each group',
    plant: sql`
      grant select (email) on auth.users to hma_analytics_definer;
      ${registrations(', min(email) as first', 'count(*) >= 10')};
      comment on column analytics.registrations_by_month.first is '[aggregate] The first of them.'`,
  },
  {
    criterion: 'C1.3.2',
    breaks: 'a view shows a birth date of each group',
    plant: sql`
      ${ages(', min(date_of_birth) as eldest', 'count(*) >= 10')};
      comment on column analytics.people_by_age.eldest is '[aggregate] Of the eldest.'`,
  },
  {
    criterion: 'C1.3.2',
    breaks: 'registrations show nine',
    plant: sql`${registrations('', 'count(*) >= 9')}`,
  },
  {
    criterion: 'C1.3.2',
    breaks: 'registrations hide ten',
    plant: sql`${registrations('', 'count(*) > 10')}`,
  },
  { criterion: 'C1.3.2', breaks: 'ages show nine', plant: sql`${ages('', 'count(*) >= 9')}` },
  { criterion: 'C1.3.2', breaks: 'ages hide ten', plant: sql`${ages('', 'count(*) > 10')}` },
  {
    criterion: 'C1.3.2',
    breaks: 'sessions show nine',
    plant: sql`${sessions('count(distinct user_id) >= 9')}`,
  },
  {
    criterion: 'C1.3.2',
    breaks: 'sessions hide ten',
    plant: sql`${sessions('count(distinct user_id) > 10')}`,
  },
  { criterion: 'C1.3.2', breaks: 'sessions count, not people', plant: sql`${sessions('count(*) >= 10')}` },
  { criterion: 'C1.3.2', breaks: 'acceptances show nine', plant: sql`${acceptances('count(*) >= 9')}` },
  { criterion: 'C1.3.2', breaks: 'acceptances hide ten', plant: sql`${acceptances('count(*) > 10')}` },
  {
    criterion: 'C1.3.2',
    breaks: 'registrations run filters before they count',
    plant: withoutBarrier('registrations_by_month'),
  },
  {
    criterion: 'C1.3.2',
    breaks: 'ages run filters before they count',
    plant: withoutBarrier('people_by_age'),
  },
  {
    criterion: 'C1.3.2',
    breaks: 'sessions run filters before they count',
    plant: withoutBarrier('sessions_by_day'),
  },
  {
    criterion: 'C1.3.2',
    breaks: 'acceptances run filters before they count',
    plant: withoutBarrier('acceptances_by_document'),
  },
  {
    criterion: 'C1.3.2',
    breaks: 'a new view is no barrier',
    plant: sql`
      create view analytics.people as select count(*) as people from auth.users;
      comment on column analytics.people.people is '[aggregate] How many.'`,
  },
  {
    criterion: 'C1.3.2',
    breaks: 'a figure is not said to be one',
    plant: sql`comment on column analytics.people_by_age.people is 'How many.'`,
  },
])
