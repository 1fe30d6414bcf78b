import { faults, sql } from '../harness/setup.ts'

const index = (definition: string) => sql`drop index auth.users_own_their_email; create ${definition}`

const addressRule = (check: string) =>
  sql`alter table auth.users drop constraint users_have_an_email;
      alter table auth.users add constraint users_have_an_email check (${check})`

export default faults({
  'B1.1.6': {
    'an address may be taken twice': index('index users_own_their_email on auth.users (lower(email))'),
    'letter case makes another address': index('unique index users_own_their_email on auth.users (email)'),
    'letter case of other alphabets makes another address': index(
      'unique index users_own_their_email on auth.users (lower(email collate "C"))',
    ),
    'the name before the @ alone counts': index(
      `unique index users_own_their_email on auth.users (lower(split_part(email, '@', 1)))`,
    ),
    'an address is shared by those of another birth date': index(
      'unique index users_own_their_email on auth.users (lower(email), id)',
    ),
    'code looks for the address before it writes': sql`drop index auth.users_own_their_email;
      create function auth.look_first() returns trigger language plpgsql as $$ begin
        if exists (select from auth.users u where lower(u.email) = lower(new.email) and u.id <> new.id) then
          raise unique_violation using constraint = 'users_own_their_email'; end if;
        return new; end $$;
      create trigger addresses_are_looked_for before insert or update on auth.users
        for each row execute function auth.look_first()`,
    'anything is an address': addressRule('length(email) <= 254'),
    'an address may be endless': addressRule(`email ~ '^[^@[:space:]]+@[^@[:space:]]+$'`),
    'the longest address is refused': addressRule(
      `email ~ '^[^@[:space:]]+@[^@[:space:]]+$' and length(email) < 254`,
    ),
  },
})
