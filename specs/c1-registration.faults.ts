import { faults, inFunction, sql } from '../harness/setup.ts'

const inRegister = (find: string, replace: string) => inFunction('auth.register', [find, replace])
const CAUGHT = 'when check_violation or unique_violation or not_null_violation then'
const RERAISE = `if broken_table <> 'users' or broken_rule = '' then raise; end if;`
const RECORD = 'perform audit.write('
const ANSWER = `return case broken_rule when 'users_own_their_email' then 'accepted' else broken_rule end;`

export default faults({
  'C1.0.4': {
    'a rejected registration whose request has a long id is an error': inRegister(
      `coalesce(left(request_id, 100), '')`,
      `coalesce(request_id, '')`,
    ),
    'the age rule is missing': sql`alter table auth.users drop constraint users_are_adults`,
    'a rejection for age is not recorded': inRegister(
      RECORD,
      `if broken_rule = 'users_are_adults' then return broken_rule; end if; ${RECORD}`,
    ),
    'a rejection raises an error, which rolls back its record': inRegister(
      ANSWER,
      `raise check_violation using constraint = broken_rule;`,
    ),
    'a minor gets the answer accepted': inRegister(ANSWER, `return 'accepted';`),
    'the answer is accepted although no row was inserted': sql`create function auth.lose() returns trigger language plpgsql as $$ begin return null; end $$;
      create trigger a_row_is_lost before insert on auth.users for each row execute function auth.lose()`,
    'the 18th birthday is rejected': sql`alter table auth.users drop constraint users_are_adults;
      alter table auth.users add constraint users_are_adults check (date_of_birth < (registered_on - interval '18 years')::date)`,
    'the day depends on the time zone of the application': sql`alter table auth.users alter column registered_on set default current_date`,
    'what is not a date raises an error': inRegister(`not pg_input_is_valid(date_of_birth, 'date')`, 'false'),
    'every form of a date that Postgres reads is accepted': inRegister(
      `date_of_birth !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' or`,
      '',
    ),
    'the form of the date is checked only at its beginning': inRegister('[0-9]{2}$', '[0-9]{2}'),
    'what is not a date is not recorded': inRegister(
      RECORD,
      `if broken_rule = 'users_have_a_birth_date' then return broken_rule; end if; ${RECORD}`,
    ),
    'from the fourth rejection of a connection on, none is recorded': inRegister(
      RECORD,
      `perform set_config('hma.rejected', (coalesce(nullif(current_setting('hma.rejected', true), ''), '0')::int + 1)::text, false);
       if current_setting('hma.rejected')::int > 3 then return broken_rule; end if; ${RECORD}`,
    ),
    'a missing value raises an error': inRegister(CAUGHT, 'when check_violation or unique_violation then'),
    'a check without a name becomes an answer': inRegister(
      RERAISE,
      `if broken_rule = 'users_own_their_email' and broken_table <> 'users' then raise; end if;`,
    ),
    'every error becomes an answer': inFunction(
      'auth.register',
      [CAUGHT, 'when others then'],
      [RERAISE, ''],
      [RECORD, 'return broken_rule; perform audit.write('],
    ),
    'a rule of another table becomes an answer': inRegister(
      RERAISE,
      `if broken_rule = '' then raise; end if;`,
    ),
    'the application can insert users directly': sql`grant insert on auth.users to hma_app; grant select on auth.users to hma_app`,
    'a birth date in the future is refused before the attempt is audited': inRegister(
      'insert into auth.users (email, password_hash, date_of_birth)',
      `if register.date_of_birth::date > current_date then
            return 'users_have_a_birth_date';
        end if;
        insert into auth.users (email, password_hash, date_of_birth)`,
    ),
    'a birth date of another age of the world is refused without a record': inRegister(
      'insert into auth.users (email, password_hash, date_of_birth)',
      `if register.date_of_birth < '1800' then return 'users_are_of_an_age'; end if;
        insert into auth.users (email, password_hash, date_of_birth)`,
    ),
    'small children are not recorded': inFunction('auth.register', [
      'perform audit.write(',
      "if register.date_of_birth > to_char(now() - interval '6 years', 'YYYY-MM-DD') then return broken_rule; end if; perform audit.write(",
    ]),
  },
})
