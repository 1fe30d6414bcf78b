import { edit, faults, sql } from '../harness/setup.ts'
import { rewrite } from './vocabulary/functions.ts'

const inRegister = (...pairs: string[]) => rewrite('auth.register(text, text, date, text)', ...pairs)
const inKeyedHash = (...pairs: string[]) => rewrite('auth.keyed_hash(text)', ...pairs)

const CAUGHT = 'when check_violation or unique_violation or not_null_violation then'
const RERAISE = `if broken_table <> 'users' or broken_rule = '' then raise; end if;`
const RECORD = 'perform audit.write('
const ANSWER = `return case broken_rule when 'users_own_their_email' then 'accepted' else broken_rule end;`
const DETAILS = `jsonb_build_object('rule', broken_rule,`

export default faults([
  {
    criterion: 'C1.0.4',
    breaks: 'the age rule is gone',
    plant: sql`alter table auth.users drop constraint users_are_adults`,
  },
  {
    criterion: 'C1.0.4',
    breaks: 'a rejection for age is not recorded',
    plant: inRegister(
      RECORD,
      `if broken_rule = 'users_are_adults' then return broken_rule; end if; ${RECORD}`,
    ),
  },
  {
    criterion: 'C1.0.4',
    breaks: 'a rejection is an error, which undoes its record',
    plant: inRegister(ANSWER, `raise check_violation using constraint = broken_rule;`),
  },
  {
    criterion: 'C1.0.4',
    breaks: 'a minor is told accepted',
    plant: inRegister(ANSWER, `return 'accepted';`),
  },
  {
    criterion: 'C1.0.4',
    breaks: 'accepted is said where no row is',
    plant: sql`create function auth.lose() returns trigger language plpgsql as $$ begin return null; end $$;
      create trigger a_row_is_lost before insert on auth.users for each row execute function auth.lose()`,
  },
  {
    criterion: 'C1.0.4',
    breaks: 'the 18th birthday is rejected',
    plant: sql`alter table auth.users drop constraint users_are_adults;
      alter table auth.users add constraint users_are_adults check (date_of_birth < (registered_on - interval '18 years')::date)`,
  },
  {
    criterion: 'C1.0.4',
    breaks: 'the day is that of the application',
    plant: sql`alter table auth.users alter column registered_on set default current_date`,
  },
  {
    criterion: 'C1.0.4',
    breaks: 'a missing value is an error',
    plant: inRegister(CAUGHT, 'when check_violation or unique_violation then'),
  },
  {
    criterion: 'C1.0.4',
    breaks: 'a nameless check is taken for an answer',
    plant: inRegister(
      RERAISE,
      `if broken_rule = 'users_own_their_email' and broken_table <> 'users' then raise; end if;`,
    ),
  },
  {
    criterion: 'C1.0.4',
    breaks: 'whatever goes wrong is taken for an answer',
    plant: inRegister(
      CAUGHT,
      'when others then',
      RERAISE,
      '',
      RECORD,
      'return broken_rule; perform audit.write(',
    ),
  },
  {
    criterion: 'C1.0.4',
    breaks: 'a rule of another table is taken for an answer',
    plant: inRegister(RERAISE, `if broken_rule = '' then raise; end if;`),
  },
  {
    criterion: 'C1.0.4',
    breaks: 'the application may insert users itself',
    plant: sql`grant insert on auth.users to hma_app; grant select on auth.users to hma_app`,
  },
  {
    criterion: 'C1.0.5',
    breaks: 'the record holds the e-mail address',
    plant: inRegister(DETAILS, `${DETAILS} 'email', register.email,`),
  },
  {
    criterion: 'C1.0.5',
    breaks: 'the record holds the birth date',
    plant: inRegister(DETAILS, `${DETAILS} 'born', register.date_of_birth,`),
  },
  {
    criterion: 'C1.0.5',
    breaks: 'the year of birth hides in the request',
    plant: inRegister(
      `'auth.register', null,`,
      `'auth.register ' || extract(year from register.date_of_birth), null,`,
    ),
  },
  {
    criterion: 'C1.0.5',
    breaks: 'the hash has no key',
    plant: inKeyedHash(`(SELECT s.value FROM ops.secret s WHERE (s.name = 'attempts'::text))`, `''::bytea`),
  },
  {
    criterion: 'C1.0.5',
    breaks: 'the hash is another one each time',
    plant: inKeyedHash('lower(value)', 'clock_timestamp() || lower(value)'),
  },
  {
    criterion: 'C1.0.5',
    breaks: 'letter case makes another hash',
    plant: inKeyedHash('lower(value)', 'value'),
  },
  {
    criterion: 'C1.0.5',
    breaks: 'every attempt has the same hash',
    plant: inKeyedHash('lower(value)', `lower('x')`),
  },
  {
    criterion: 'C1.0.5',
    breaks: 'every database has the same key',
    plant: edit(
      'migrations/0007_identity.up.sql',
      'uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())',
      `sha256('attempts')`,
    ),
  },
  {
    criterion: 'C1.0.5',
    breaks: 'the request is not recorded',
    plant: inRegister(`coalesce(left(request_id, 100), '')`, `''`),
  },
  {
    criterion: 'C1.0.5',
    breaks: 'a long request makes registration fail',
    plant: inRegister('left(request_id, 100)', 'request_id'),
  },
  {
    criterion: 'C1.0.5',
    breaks: 'whoever is signed in is put down as the actor',
    plant: rewrite(
      'audit.write(text, text, uuid, jsonb)',
      'entity_id, null, details',
      'entity_id, auth.current_user_id(), details',
    ),
  },
  {
    criterion: 'C1.0.5',
    breaks: 'a rejected row is written first and looked at then',
    plant: sql`alter table auth.users drop constraint users_are_adults;
      create function auth.look_after() returns trigger language plpgsql as $$ begin
        if new.date_of_birth > (new.registered_on - interval '18 years')::date then
          raise check_violation using constraint = 'users_are_adults', schema = 'auth', table = 'users'; end if;
        return null; end $$;
      create trigger users_are_looked_at after insert on auth.users for each row execute function auth.look_after()`,
  },
])
