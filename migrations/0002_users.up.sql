-- 0002 users
-- needs:  0001
-- proves: B1.1.1, B1.1.2, B1.1.3, B1.1.4, B1.1.5, B1.1.6, B1.1.9
-- The age rule is a check of the row that compares two stored dates. It gives the same result after a restore, when it is validated again
-- and in every time zone. It does not use age(), which counts months of 30 days and admits most users one day early.
-- A person born on 29 February turns 18 on 1 March.
-- An address has one spelling. lower() also turns two signs outside of ASCII into ASCII letters, the Kelvin sign (which is not NFKC) and İ,
-- so that an address would count as taken, or be found, under a name that its owner never wrote. A letter whose capital is also that of
-- another small letter is refused, too (ς, whose capital is that of σ; ı, whose capital is that of i): lower() would keep both apart. So
-- is what Unicode has not assigned as far as this server knows, because it has no case there.
-- Every column of auth has a class in its comment, for example [personal]; docs/migrations.md defines the classes.
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
    constraint emails_have_one_spelling check (
        email is nfkc normalized and unicode_assigned(email) and strpos(email, U&'\0130') = 0 and lower(upper(email)) = lower(email)
    ),
    constraint users_have_a_password   check (length(password_hash) between 1 and 1000),
    constraint users_are_adults        check (date_of_birth <= (registered_on - interval '18 years')::date),
    -- Also excludes the date -infinity, which passes the rule before.
    constraint users_are_of_an_age     check (date_of_birth > (registered_on - interval '130 years')::date),
    -- A registration date in the future would admit a minor today. created_at is set by the server, so a client cannot change it.
    constraint users_register_by_today check (registered_on <= (created_at at time zone 'utc')::date)
);
create unique index users_own_their_email on auth.users (lower(email));

comment on table auth.users is 'Users of the platform; adults on the day they registered.';
comment on column auth.users.id            is '[internal] Identifies the user in other tables.';
comment on column auth.users.email         is '[personal] Email address; unique, regardless of letter case.';
comment on column auth.users.password_hash is '[secret] Hash of the password, made by the application; at most 1000 characters.';
comment on column auth.users.date_of_birth is '[personal] Decides whether the user is an adult; never audited.';
comment on column auth.users.registered_on is '[internal, audited] Date of registration in UTC; the age rule refers to it.';
comment on column auth.users.created_at    is '[internal] When the row was inserted.';
comment on column auth.users.updated_at    is '[internal] When the row was last changed.';

create function auth.keep_registration() returns trigger
language plpgsql
set search_path = ''
as $$
begin
    new.registered_on := old.registered_on;
    return new;
end
$$;
comment on function auth.keep_registration() is 'Ignores changes of the registration date, because the age rule depends on it.';

create trigger users_keep_their_registration before update on auth.users
    for each row execute function auth.keep_registration();
create trigger users_are_stamped before insert or update on auth.users
    for each row execute function ops.stamp_times();
-- `enable always`, because a session in replica mode skips ordinary triggers. Not the times: a restore keeps them.
alter table auth.users enable always trigger users_keep_their_registration;
