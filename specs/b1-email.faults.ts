import { faults, sql } from '../harness/setup.ts'
import { replaceConstraint } from './vocabulary/schema-faults.ts'

const replaceIndex = (kind: string, columns: string) =>
  sql`drop index auth.users_own_their_email; create ${kind} users_own_their_email on auth.users (${columns})`

const emailRule = (check: string) =>
  replaceConstraint('auth.users', 'users_have_an_email', `check (${check})`)

export default faults({
  'B1.1.6': {
    'the index on addresses is not unique': replaceIndex('index', 'lower(email)'),
    'addresses are compared with their letter case': replaceIndex('unique index', 'email'),
    'letter case is ignored only in ASCII': replaceIndex('unique index', 'lower(email collate "C")'),
    'only the part before the @ is unique': replaceIndex('unique index', `lower(split_part(email, '@', 1))`),
    'addresses are unique only together with the id': replaceIndex('unique index', 'lower(email), id'),
    'a trigger checks uniqueness without a lock': sql`drop index auth.users_own_their_email;
      create function auth.check_email() returns trigger language plpgsql as $$ begin
        if exists (select from auth.users u where lower(u.email) = lower(new.email) and u.id <> new.id) then
          raise unique_violation using constraint = 'users_own_their_email'; end if;
        return new; end $$;
      create trigger emails_are_checked before insert or update on auth.users
        for each row execute function auth.check_email()`,
    'signs that fold into a letter are accepted': sql`alter table auth.users drop constraint emails_have_one_spelling`,
    'an address may be spelt in several ways': replaceConstraint(
      'auth.users',
      'emails_have_one_spelling',
      `check (strpos(email, U&'\\0130') = 0)`,
    ),
    'only the usual spelling is demanded': replaceConstraint(
      'auth.users',
      'emails_have_one_spelling',
      'check (email is nfkc normalized)',
    ),
    'small letters with one capital are kept apart': replaceConstraint(
      'auth.users',
      'emails_have_one_spelling',
      `check (email is nfkc normalized and unicode_assigned(email) and strpos(email, U&'\\0130') = 0)`,
    ),
    'letters that are newer than the server are accepted': replaceConstraint(
      'auth.users',
      'emails_have_one_spelling',
      `check (email is nfkc normalized and strpos(email, U&'\\0130') = 0 and lower(upper(email)) = lower(email))`,
    ),
    'any text is accepted as an address': emailRule('length(email) <= 254'),
    'an address has no maximum length': emailRule(`email ~ '^[^@[:space:]]+@[^@[:space:]]+$'`),
    'the longest address is rejected': emailRule(
      `email ~ '^[^@[:space:]]+@[^@[:space:]]+$' and length(email) < 254`,
    ),
    'long addresses may repeat': sql`drop index auth.users_own_their_email; create unique index users_own_their_email on auth.users (lower(email)) where length(email) < 60`,
    'unique by the first twenty letters only': sql`drop index auth.users_own_their_email; create unique index users_own_their_email on auth.users (left(lower(email), 20))`,
  },
})
