import { faults, sql } from '../harness/setup.ts'

const index = (definition: string) => sql`drop index auth.users_own_their_email; create ${definition}`

const addressRule = (check: string) =>
  sql`alter table auth.users drop constraint users_have_an_email;
      alter table auth.users add constraint users_have_an_email check (${check})`

export default faults([
  {
    criterion: 'B1.1.6',
    breaks: 'an address may be taken twice',
    plant: index('index users_own_their_email on auth.users (lower(email))'),
  },
  {
    criterion: 'B1.1.6',
    breaks: 'letter case makes another address',
    plant: index('unique index users_own_their_email on auth.users (email)'),
  },
  {
    criterion: 'B1.1.6',
    breaks: 'letter case of other alphabets makes another address',
    plant: index('unique index users_own_their_email on auth.users (lower(email collate "C"))'),
  },
  {
    criterion: 'B1.1.6',
    breaks: 'the name before the @ alone counts',
    plant: index(`unique index users_own_their_email on auth.users (lower(split_part(email, '@', 1)))`),
  },
  {
    criterion: 'B1.1.6',
    breaks: 'an address is shared by those of another birth date',
    plant: index('unique index users_own_their_email on auth.users (lower(email), id)'),
  },
  {
    criterion: 'B1.1.6',
    breaks: 'code looks for the address before it writes',
    plant: sql`drop index auth.users_own_their_email;
      create function auth.look_first() returns trigger language plpgsql as $$ begin
        if exists (select from auth.users u where lower(u.email) = lower(new.email) and u.id <> new.id) then
          raise unique_violation using constraint = 'users_own_their_email'; end if;
        return new; end $$;
      create trigger addresses_are_looked_for before insert or update on auth.users
        for each row execute function auth.look_first()`,
  },
  {
    criterion: 'B1.1.6',
    breaks: 'anything is an address',
    plant: addressRule('length(email) <= 254'),
  },
  {
    criterion: 'B1.1.6',
    breaks: 'an address may be endless',
    plant: addressRule(`email ~ '^[^@[:space:]]+@[^@[:space:]]+$'`),
  },
  {
    criterion: 'B1.1.6',
    breaks: 'the longest address is refused',
    plant: addressRule(`email ~ '^[^@[:space:]]+@[^@[:space:]]+$' and length(email) < 254`),
  },
])
