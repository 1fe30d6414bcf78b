import { edit, faults, inFunction, sql } from '../harness/setup.ts'

const inRegister = (find: string, replace: string) => inFunction('auth.register', [find, replace])
const inKeyedHash = (find: string, replace: string) => inFunction('auth.keyed_hash', [find, replace])

const CAUGHT = 'when check_violation or unique_violation or not_null_violation then'
const RERAISE = `if broken_table <> 'users' or broken_rule = '' then raise; end if;`
const RECORD = 'perform audit.write('
const ANSWER = `return case broken_rule when 'users_own_their_email' then 'accepted' else broken_rule end;`
const DETAILS = `jsonb_build_object('rule', broken_rule,`

export default faults({
  'C1.0.4': {
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
    'small children are not recorded': inFunction('auth.register', [
      'perform audit.write(',
      "if register.date_of_birth > to_char(now() - interval '6 years', 'YYYY-MM-DD') then return broken_rule; end if; perform audit.write(",
    ]),
  },
  'C1.0.5': {
    'the record contains the e-mail address': inRegister(DETAILS, `${DETAILS} 'email', register.email,`),
    'the record contains the birth date': inRegister(DETAILS, `${DETAILS} 'born', register.date_of_birth,`),
    'the request id contains the year of birth': inRegister(
      `'auth.register', null,`,
      `'auth.register ' || extract(year from register.date_of_birth), null,`,
    ),
    'the hash has no key': inKeyedHash(
      `(SELECT s.value FROM ops.secret s WHERE (s.name = 'attempts'::text))`,
      `''::bytea`,
    ),
    'the hash differs each time': inKeyedHash('lower(value)', 'clock_timestamp() || lower(value)'),
    'the hash depends on letter case': inKeyedHash('lower(value)', 'value'),
    'every attempt has the same hash': inKeyedHash('lower(value)', `lower('x')`),
    'every database has the same key': edit(
      'migrations/0007_identity.up.sql',
      'uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())',
      `sha256('attempts')`,
    ),
    'the request is not recorded': inRegister(`coalesce(left(request_id, 100), '')`, `''`),
    'a long request makes registration fail': inRegister('left(request_id, 100)', 'request_id'),
    'the signed-in user is recorded as the actor': inFunction('audit.write', [
      'entity_id, null, details',
      'entity_id, audit.actor(), details',
    ]),
    'a rejected row is inserted before it is checked': sql`alter table auth.users drop constraint users_are_adults;
      create function auth.look_after() returns trigger language plpgsql as $$ begin
        if new.date_of_birth > (new.registered_on - interval '18 years')::date then
          raise check_violation using constraint = 'users_are_adults', schema = 'auth', table = 'users'; end if;
        return null; end $$;
      create trigger users_are_looked_at after insert on auth.users for each row execute function auth.look_after()`,
    'what is no date is recorded as it was given': inRegister(
      DETAILS,
      `case broken_rule when 'users_have_a_birth_date' then jsonb_build_object('given', register.date_of_birth) else '{}' end
        || ${DETAILS}`,
    ),
    'the domain of the address is stored': inFunction('auth.register', [
      "'attempt', auth.keyed_hash",
      "'domain', split_part(register.email, '@', 2), 'attempt', auth.keyed_hash",
    ]),
    'the key is the same in every database': sql`create or replace function auth.keyed_hash(value text) returns text language sql stable set search_path = '' return encode(sha256(sha256('attempts'::bytea) || convert_to(lower(value), 'UTF8')), 'hex')`,
    'two addresses of one domain give one hash': sql`create or replace function auth.keyed_hash(value text) returns text language sql stable set search_path = '' return encode(sha256((select s.value from ops.secret s where s.name = 'attempts') || convert_to(split_part(lower(value), '@', 2), 'UTF8')), 'hex')`,
  },
})
