import { edit, faults, inFunction, sql } from '../harness/setup.ts'

const inRegister = (find: string, replace: string) => inFunction('auth.register', [find, replace])
const inKeyedHash = (find: string, replace: string) => inFunction('auth.keyed_hash', [find, replace])

const RECORD = 'perform audit.write('
const DETAILS = `jsonb_build_object('rule', broken_rule,`

export default faults({
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
  'C1.0.7': {
    'the function raises after it has recorded': inRegister(
      '    return case broken_rule',
      '    raise check_violation using constraint = broken_rule;\n    return case broken_rule',
    ),
    'the record is left to a listener': inRegister(
      RECORD,
      `perform pg_notify('rejected', broken_rule); return broken_rule; ${RECORD}`,
    ),
    'the record is written when the caller asks again': inRegister(
      RECORD,
      `if current_setting('hma.rejected', true) is distinct from broken_rule then
        perform set_config('hma.rejected', broken_rule, false); return broken_rule; end if; ${RECORD}`,
    ),
  },
})
