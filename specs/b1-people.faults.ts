import { faults, sql } from '../harness/setup.ts'

const redefine = (check: string) =>
  sql`alter table auth.users drop constraint users_are_adults;
      alter table auth.users add constraint users_are_adults check (${check})`

export default faults([
  {
    criterion: 'B1.1.1',
    breaks: 'the age rule is gone',
    plant: sql`alter table auth.users drop constraint users_are_adults`,
  },
  {
    criterion: 'B1.1.2',
    breaks: 'the birthday itself is refused',
    plant: redefine(`date_of_birth < (registered_on - interval '18 years')::date`),
  },
  {
    criterion: 'B1.1.2',
    breaks: 'age() counts months of thirty days',
    plant: redefine(`age(registered_on, date_of_birth) >= interval '17 years 12 months -1 day'`),
  },
  {
    criterion: 'B1.1.3',
    breaks: 'who is born on 29 February turns 18 on 28 February',
    plant: redefine(`(date_of_birth + interval '18 years')::date <= registered_on`),
  },
  {
    criterion: 'B1.1.4',
    breaks: 'today is what the client says',
    plant: sql`alter table auth.users alter column registered_on set default current_date`,
  },
  {
    criterion: 'B1.1.5',
    breaks: 'the age rule looks at inserts alone',
    plant: sql`alter table auth.users drop constraint users_are_adults;
      create function auth.check_age() returns trigger language plpgsql as $$ begin
        if new.date_of_birth > new.registered_on - interval '18 years' then raise check_violation; end if;
        return new; end $$;
      create trigger users_are_checked before insert on auth.users for each row execute function auth.check_age()`,
  },
  {
    criterion: 'B1.1.5',
    breaks: 'the day of registration can be moved',
    plant: sql`drop trigger users_keep_their_registration on auth.users`,
  },
  {
    criterion: 'B1.1.6',
    breaks: 'letter case makes another address',
    plant: sql`drop index auth.users_own_their_email; create unique index users_own_their_email on auth.users (email)`,
  },
])
