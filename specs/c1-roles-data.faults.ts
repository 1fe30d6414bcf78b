import { clusterSql, faults, sql } from '../harness/setup.ts'

const until = (column: string) => `${column} < date_trunc('day', now(), 'UTC') at time zone 'utc'`

/** The definition of a view as it is, with one text replaced. */
const inView = (view: string, find: string, replace: string) => sql`do $fault$
  declare body text := pg_get_viewdef('analytics.${view}'::regclass);
  begin
    if strpos(body, $$${find}$$) = 0 then raise 'not in ${view}'; end if;
    execute 'create or replace view analytics.${view} with (security_barrier) as ' || replace(body, $$${find}$$, $$${replace}$$);
  end $fault$`

const registrations = (columns: string, having: string) => `
  create or replace view analytics.registrations_by_month with (security_barrier) as
      select date_trunc('month', registered_on)::date as month, count(*) / 10 * 10 as people ${columns}
        from auth.users where ${until('registered_on')} group by 1 having ${having}`

const ages = (columns: string, having: string) => `
  create or replace view analytics.people_by_age with (security_barrier) as
      select width_bucket(extract(year from age(now() at time zone 'utc', date_of_birth)), array[18, 25, 35, 45, 55, 65]::numeric[]) as band,
             count(*) / 10 * 10 as people ${columns}
        from auth.users where ${until('registered_on')} group by 1 having ${having}`

const sessions = (
  having: string,
  numbers = 'count(*) / 10 * 10 as sessions, count(distinct user_id) / 10 * 10',
) => `
  create or replace view analytics.sessions_by_day with (security_barrier) as
      select (started_at at time zone 'utc')::date as day, ${numbers} as people
        from auth.sessions where ${until('started_at')} group by 1 having ${having}`

const acceptances = (having: string) => `
  create or replace view analytics.acceptances_by_document with (security_barrier) as
      select d.name, d.version, count(*) / 10 * 10 as people
        from auth.legal_acceptance a join reference.legal_documents d on d.id = a.document_id
       where ${until('a.accepted_at')} group by d.id having ${having}`

const withoutBarrier = (view: string) => sql`alter view analytics.${view} reset (security_barrier)`

export default faults({
  'C1.3.1': {
    'a column of users has no class': sql`alter table auth.users add column nickname text`,
    'a column lost its class': sql`comment on column auth.sessions.token_hash is 'SHA-256 of the token.'`,
    'a column has an unknown class': sql`comment on column auth.users.email is '[public] Where the person is reached.'`,
    'a column has two classes': sql`comment on column auth.users.email is '[internal] [personal] Where the person is reached.'`,
    'a view in auth has no classes': sql`create view auth.people as select id, email from auth.users`,
    'the application can read hashes of tokens': sql`grant select (token_hash) on auth.sessions to hma_app`,
    'the migrator can read secrets without becoming the owner': clusterSql(
      'grant hma_owner to hma_migrator with inherit true',
      'grant hma_owner to hma_migrator with inherit false',
    ),
    'the reader can read addresses': sql`grant select (email) on auth.users to analytics_reader`,
  },
  'C1.3.2': {
    'a view shows an address of each group': sql`
      grant select (email) on auth.users to hma_analytics_definer;
      ${registrations(', min(email) as first', 'count(*) >= 10')};
      comment on column analytics.registrations_by_month.first is '[aggregate] The first of them.'`,
    'a view shows a birth date of each group': sql`
      ${ages(', min(date_of_birth) as eldest', 'count(*) >= 10')};
      comment on column analytics.people_by_age.eldest is '[aggregate] Of the eldest.'`,
    'registrations show a group of nine': sql`${registrations('', 'count(*) >= 9')}`,
    'registrations hide a group of ten': sql`${registrations('', 'count(*) > 10')}`,
    'ages show a group of nine': sql`${ages('', 'count(*) >= 9')}`,
    'ages hide a group of ten': sql`${ages('', 'count(*) > 10')}`,
    'sessions show a group of nine': sql`${sessions('count(distinct user_id) >= 9')}`,
    'sessions hide a group of ten': sql`${sessions('count(distinct user_id) > 10')}`,
    'sessions are counted instead of users': sql`${sessions('count(*) >= 10')}`,
    'acceptances show a group of nine': sql`${acceptances('count(*) >= 9')}`,
    'acceptances hide a group of ten': sql`${acceptances('count(*) > 10')}`,
    'the view of registrations is no security barrier': withoutBarrier('registrations_by_month'),
    'the view of ages is no security barrier': withoutBarrier('people_by_age'),
    'the view of sessions is no security barrier': withoutBarrier('sessions_by_day'),
    'the view of acceptances is no security barrier': withoutBarrier('acceptances_by_document'),
    'a new view is no security barrier': sql`
      create view analytics.people as select count(*) as people from auth.users;
      comment on column analytics.people.people is '[aggregate] How many.'`,
    'registrations are shown exactly': inView('registrations_by_month', '((count(*) / 10) * 10)', 'count(*)'),
    'ages are shown exactly': inView('people_by_age', '((count(*) / 10) * 10)', 'count(*)'),
    'sessions are shown exactly': inView('sessions_by_day', '((count(*) / 10) * 10)', 'count(*)'),
    'users of sessions are shown exactly': inView(
      'sessions_by_day',
      '((count(DISTINCT user_id) / 10) * 10)',
      'count(distinct user_id)',
    ),
    'acceptances are shown exactly': inView('acceptances_by_document', '((count(*) / 10) * 10)', 'count(*)'),
    'registrations include today': inView('registrations_by_month', '(registered_on <', '(registered_on <= '),
    'ages include today': inView('people_by_age', '(registered_on <', '(registered_on <= '),
    'sessions include today': inView('sessions_by_day', '(started_at <', '(now() >= '),
    'acceptances include today': inView('acceptances_by_document', '(a.accepted_at <', '(now() >= '),
    'registrations end with the day before that of the reader': inView(
      'registrations_by_month',
      `((now() AT TIME ZONE 'utc'::text))::date`,
      'current_date',
    ),
    'ages end with the day before that of the reader': inView(
      'people_by_age',
      `((now() AT TIME ZONE 'utc'::text))::date`,
      'current_date',
    ),
    'the reader can set the smallest group': inView(
      'people_by_age',
      'count(*) >= 10',
      `count(*) >= coalesce(nullif(current_setting('hma.smallest', true), '')::int, 10)`,
    ),
    'a login sees small groups': inView(
      'registrations_by_month',
      'count(*) >= 10',
      `count(*) >= case session_user when 'hma_backup' then 1 else 10 end`,
    ),
    'a column of analytics is not classified as a figure': sql`comment on column analytics.people_by_age.people is 'How many.'`,
    'large groups are exact': sql`create or replace view analytics.registrations_by_month with (security_barrier) as select date_trunc('month', registered_on)::date as month, case when count(*) > 100 then count(*) else count(*) / 10 * 10 end as people from auth.users where registered_on < (now() at time zone 'utc')::date group by 1 having count(*) >= 10`,
    'today counts in one view': sql`create or replace view analytics.acceptances_by_document with (security_barrier) as select d.name, d.version, count(*) / 10 * 10 as people from auth.legal_acceptance a join reference.legal_documents d on d.id = a.document_id group by d.id having count(*) >= 10`,
    'sessions count where users are few': sql`create or replace view analytics.sessions_by_day with (security_barrier) as select (started_at at time zone 'utc')::date as day, count(*) / 10 * 10 as sessions, count(distinct user_id) / 10 * 10 as people from auth.sessions where started_at < date_trunc('day', now(), 'UTC') group by 1 having count(*) >= 10`,
  },
})
