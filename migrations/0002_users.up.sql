-- 0002 users
-- needs:  0001
-- proves: B1.1.1, B1.1.2, B1.1.3, B1.1.4, B1.1.5, B1.1.6, B1.1.9
-- Age is a rule of the row, not of the code that writes it nor of the day it is read: it compares two stored dates,
-- so a restore, a re-validation and a client in another time zone all find the same answer. age() is not used: it
-- counts months of 30 days and admits most people a day early. Who is born on 29 February turns 18 on 1 March.
create table auth.users (
    id            uuid        not null default gen_random_uuid(),
    email         text        not null,
    password_hash text        not null,
    date_of_birth date        not null,
    registered_on date        not null default (now() at time zone 'utc')::date,
    created_at    timestamptz not null default clock_timestamp(),
    updated_at    timestamptz not null default clock_timestamp(),
    constraint users_have_an_id        primary key (id),
    constraint users_have_an_email     check (email ~ '^[^@[:space:]]+@[^@[:space:]]+$' and length(email) <= 254),
    constraint users_have_a_password   check (password_hash <> ''),
    constraint users_are_adults        check (date_of_birth <= (registered_on - interval '18 years')::date),
    -- Also what keeps infinite dates out: the beginning of time is older than 18.
    constraint users_are_of_an_age     check (date_of_birth > (registered_on - interval '130 years')::date),
    -- A day of registration that is still to come would let a minor in today. created_at is stamped, so it cannot be moved along.
    constraint users_register_by_today check (registered_on <= (created_at at time zone 'utc')::date)
);
create unique index users_own_their_email on auth.users (lower(email));

comment on table auth.users is 'People who may use the platform: adults on the day they registered.';
comment on column auth.users.id            is '[internal] Stands for the person everywhere else.';
comment on column auth.users.email         is '[personal] Where the person is reached; one user each, whatever the letter case.';
comment on column auth.users.password_hash is '[secret] As the application hashed it.';
comment on column auth.users.date_of_birth is '[personal] Decides whether the person may be here; is never audited.';
comment on column auth.users.registered_on is '[internal] Date of registration in UTC; what the age is reckoned from.';
comment on column auth.users.created_at    is '[internal] When the row was written.';
comment on column auth.users.updated_at    is '[internal] When the row last changed.';

create function auth.keep_registration() returns trigger
language plpgsql
set search_path = ''
as $$
begin
    new.registered_on := old.registered_on;
    return new;
end
$$;
comment on function auth.keep_registration() is 'The day of registration stays what it was: moving it would move the age gate.';

create trigger users_keep_their_registration before update on auth.users
    for each row execute function auth.keep_registration();
create trigger users_are_stamped before insert or update on auth.users
    for each row execute function ops.stamp_times();
