import { faults, sql } from '../harness/setup.ts'

const redefine = (rule: string, check: string, validity = '') =>
  sql`alter table auth.users drop constraint ${rule};
      alter table auth.users add constraint ${rule} check (${check}) ${validity}`

const ageRule = (check: string) => redefine('users_are_adults', check)

/** The age rule as code that looks at some commands, in place of a rule of the row. */
const ageTrigger = (events: string) =>
  sql`alter table auth.users drop constraint users_are_adults;
      create function auth.check_age() returns trigger language plpgsql as $$ begin
        if new.date_of_birth > (new.registered_on - interval '18 years')::date then
          raise check_violation using constraint = 'users_are_adults'; end if;
        return new; end $$;
      create trigger users_are_checked before ${events} on auth.users for each row execute function auth.check_age()`

export default faults({
  'B1.1.1': {
    'the age rule is gone': sql`alter table auth.users drop constraint users_are_adults`,
    'seventeen is enough': ageRule(`date_of_birth <= (registered_on - interval '17 years')::date`),
    'the age rule looks at the first row of a statement alone': sql`alter table auth.users drop constraint users_are_adults;
      create function auth.check_age() returns trigger language plpgsql as $$ begin
        if (select date_of_birth > (registered_on - interval '18 years')::date from touched limit 1) then
          raise check_violation using constraint = 'users_are_adults'; end if;
        return null; end $$;
      create trigger users_are_checked after insert on auth.users referencing new table as touched
        for each statement execute function auth.check_age()`,
    'a person may have no birth date': sql`alter table auth.users alter column date_of_birth drop not null`,
    'a person may have no day of registration': sql`alter table auth.users alter column registered_on drop not null`,
    'a person may register ahead': sql`alter table auth.users drop constraint users_register_by_today`,
    'the end of time is a day to register on': redefine('users_are_of_an_age', `date_of_birth > '-infinity'`),
    'old rows were never looked at': redefine(
      'users_are_adults',
      `date_of_birth <= (registered_on - interval '18 years')::date`,
      'not valid',
    ),
  },
  'B1.1.2': {
    'the birthday itself is refused': ageRule(`date_of_birth < (registered_on - interval '18 years')::date`),
    'the day before the birthday is admitted': ageRule(
      `date_of_birth <= (registered_on - interval '18 years')::date + 1`,
    ),
    'nobody but those whose birthday it is are admitted': ageRule(
      `date_of_birth = (registered_on - interval '18 years')::date`,
    ),
    'age() counts months of thirty days': ageRule(
      `age(registered_on, date_of_birth) >= interval '17 years 12 months -1 day'`,
    ),
    'the year alone counts': ageRule(
      `extract(year from registered_on) - extract(year from date_of_birth) >= 18`,
    ),
    'a year has 365.25 days': ageRule(`registered_on - date_of_birth >= 18 * 365.25`),
    'people may be as old as they like': sql`alter table auth.users drop constraint users_are_of_an_age`,
    'the oldest are refused a day early': redefine(
      'users_are_of_an_age',
      `date_of_birth > (registered_on - interval '130 years')::date + 1`,
    ),
  },
  'B1.1.3': {
    'who is born on 29 February turns 18 on 28 February': ageRule(
      `(date_of_birth + interval '18 years')::date <= registered_on`,
    ),
    'who is born on 29 February turns 18 on 2 March': ageRule(
      `date_of_birth + case when to_char(date_of_birth, 'MMDD') = '0229' then 1 else 0 end
        <= (registered_on - interval '18 years' - interval '1 day' * (to_char(date_of_birth, 'MMDD') = '0229')::int)::date`,
    ),
    '29 February counts as 1 March': ageRule(
      `date_of_birth <= (case when to_char(registered_on, 'MMDD') = '0229' then registered_on + 1 else registered_on end - interval '18 years')::date`,
    ),
  },
  'B1.1.4': {
    'today is what the client says': sql`alter table auth.users alter column registered_on set default current_date`,
    'the age rule asks the client for the day': ageRule(
      `date_of_birth <= (current_date - interval '18 years')::date`,
    ),
    'the stored day is read at midnight of the client': ageRule(
      `date_of_birth <= ((registered_on::timestamptz at time zone 'utc') - interval '18 years')::date`,
    ),
    'being of an age is reckoned from the day it is read': redefine(
      'users_are_of_an_age',
      `date_of_birth > (current_date - interval '130 years')::date`,
    ),
  },
  'B1.1.5': {
    'the age rule looks at inserts alone': ageTrigger('insert'),
    'the age rule looks at another column of an update': ageTrigger('insert or update of registered_on'),
    'an edit is reckoned from today': sql`create or replace function auth.keep_registration() returns trigger language plpgsql as $$ begin
        new.registered_on := (now() at time zone 'utc')::date; return new; end $$`,
    'an edit of a birth date is always refused': sql`create trigger births_are_final before update of date_of_birth on auth.users
        for each row execute function ops.refuse_change()`,
    'the day of registration can be moved': sql`drop trigger users_keep_their_registration on auth.users`,
  },
})
