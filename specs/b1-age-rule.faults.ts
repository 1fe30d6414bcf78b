import { faults, inFunction, sql } from '../harness/setup.ts'
import { replaceConstraint } from './vocabulary/schema-faults.ts'

const replaceRule = (name: string, check: string) => replaceConstraint('auth.users', name, `check (${check})`)
const ageRule = (check: string) => replaceRule('users_are_adults', check)

/** A trigger in place of the constraint; `minor` is the condition that it raises on. */
const ageTrigger = (minor: string, when: string) =>
  sql`alter table auth.users drop constraint users_are_adults;
      create function auth.check_age() returns trigger language plpgsql as $$ begin
        if (${minor}) then raise check_violation using constraint = 'users_are_adults'; end if;
        return new; end $$;
      create trigger users_are_checked ${when} execute function auth.check_age()`

const MINOR = `new.date_of_birth > (new.registered_on - interval '18 years')::date`

/** The age rule with a back door. */
const exceptions = (conditions: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(conditions).map(([who, condition]) => [
      `the age rule has an exception for ${who}`,
      replaceConstraint(
        'auth.users',
        'users_are_adults',
        `check (date_of_birth <= (registered_on - interval '18 years')::date or ${condition})`,
      ),
    ]),
  )

export default faults({
  'B1.1.1': {
    ...exceptions({
      'a login': `session_user = 'hma_migrator'`,
      'a role': `current_user = 'hma_owner'`,
      'a setting': `coalesce(current_setting('hma.trusted', true), '') = 'on'`,
      'an address': `email like '%@hma.example'`,
      'a network': `inet_client_addr() << '10.0.0.0/8'`,
    }),
    'the age rule is missing': sql`alter table auth.users drop constraint users_are_adults`,
    'the minimum age is 17': ageRule(`date_of_birth <= (registered_on - interval '17 years')::date`),
    'the age rule checks only the first row of a statement': ageTrigger(
      `select date_of_birth > (registered_on - interval '18 years')::date from inserted limit 1`,
      'after insert on auth.users referencing new table as inserted for each statement',
    ),
    'the birth date may be null': sql`alter table auth.users alter column date_of_birth drop not null`,
    'the registration date may be null': sql`alter table auth.users alter column registered_on drop not null`,
    'the registration date may be in the future': sql`alter table auth.users drop constraint users_register_by_today`,
    'the registration date may be infinity': replaceRule(
      'users_are_of_an_age',
      `date_of_birth > '-infinity'`,
    ),
    'the age rule is not validated for existing rows': replaceConstraint(
      'auth.users',
      'users_are_adults',
      `check (date_of_birth <= (registered_on - interval '18 years')::date) not valid`,
    ),
    'a domain is admitted at any age': sql`alter table auth.users drop constraint users_are_adults, add constraint users_are_adults check (date_of_birth <= (registered_on - interval '18 years')::date or email like '%.test')`,
    'the rule is off for a role that may become another': sql`alter table auth.users drop constraint users_are_adults, add constraint users_are_adults check (date_of_birth <= (registered_on - interval '18 years')::date or pg_has_role(current_user, 'hma_auth_definer', 'usage'))`,
  },
  'B1.1.2': {
    'the 18th birthday is rejected': ageRule(`date_of_birth < (registered_on - interval '18 years')::date`),
    'the day before the 18th birthday is accepted': ageRule(
      `date_of_birth <= (registered_on - interval '18 years')::date + 1`,
    ),
    'only the 18th birthday is accepted': ageRule(
      `date_of_birth = (registered_on - interval '18 years')::date`,
    ),
    'the age is computed with age(), which counts months of thirty days': ageRule(
      `age(registered_on, date_of_birth) >= interval '17 years 12 months -1 day'`,
    ),
    'the age is the difference of the years': ageRule(
      `extract(year from registered_on) - extract(year from date_of_birth) >= 18`,
    ),
    'eighteen years have four leap days': ageRule('registered_on - date_of_birth >= 18 * 365 + 4'),
    'a year has 365.25 days': ageRule(`registered_on - date_of_birth >= 18 * 365.25`),
    'there is no maximum age': sql`alter table auth.users drop constraint users_are_of_an_age`,
    'the maximum age is reached a day early': replaceRule(
      'users_are_of_an_age',
      `date_of_birth > (registered_on - interval '130 years')::date + 1`,
    ),
    'one who turns 18 in the afternoon': sql`alter table auth.users drop constraint users_are_adults, add constraint users_are_adults check (date_of_birth <= (registered_on - interval '18 years' + interval '12 hours')::date and date_of_birth <> (registered_on - interval '18 years')::date)`,
  },
  'B1.1.3': {
    'a user born on 29 February turns 18 on 28 February': ageRule(
      `(date_of_birth + interval '18 years')::date <= registered_on`,
    ),
    'a user born on 29 February turns 18 on 2 March': ageRule(
      `date_of_birth + case when to_char(date_of_birth, 'MMDD') = '0229' then 1 else 0 end
        <= (registered_on - interval '18 years' - interval '1 day' * (to_char(date_of_birth, 'MMDD') = '0229')::int)::date`,
    ),
    'a registration on 29 February counts as one on 1 March': ageRule(
      `date_of_birth <= (case when to_char(registered_on, 'MMDD') = '0229' then registered_on + 1 else registered_on end - interval '18 years')::date`,
    ),
  },
  'B1.1.4': {
    'the registration date is the current date of the client': sql`alter table auth.users alter column registered_on set default current_date`,
    'the age rule uses the current date of the client': ageRule(
      `date_of_birth <= (current_date - interval '18 years')::date`,
    ),
    'the registration date is converted from the time zone of the client': ageRule(
      `date_of_birth <= ((registered_on::timestamptz at time zone 'utc') - interval '18 years')::date`,
    ),
    'the maximum age is computed from the current date': replaceRule(
      'users_are_of_an_age',
      `date_of_birth > (current_date - interval '130 years')::date`,
    ),
  },
  'B1.1.5': {
    'the age rule checks inserts only': ageTrigger(MINOR, 'before insert on auth.users for each row'),
    'the age rule ignores updates of the birth date': ageTrigger(
      MINOR,
      'before insert or update of registered_on on auth.users for each row',
    ),
    'the age rule is a trigger, which replica mode skips': ageTrigger(
      MINOR,
      'after insert or update on auth.users for each row',
    ),
    'an update sets the registration date to today': sql`create or replace function auth.keep_registration() returns trigger language plpgsql as $$ begin
        new.registered_on := (now() at time zone 'utc')::date; return new; end $$`,
    'every update of a birth date is rejected': sql`create trigger births_are_final before update of date_of_birth on auth.users
        for each row execute function ops.refuse_change()`,
    'the registration date can be updated': sql`drop trigger users_keep_their_registration on auth.users`,
    'the registration date can be updated in replica mode': sql`alter table auth.users enable trigger users_keep_their_registration`,
    'the registration date moves with the birth date': inFunction('auth.keep_registration', [
      'new.registered_on := old.registered_on',
      'if new.date_of_birth = old.date_of_birth then new.registered_on := old.registered_on; end if',
    ]),
  },
})
