-- 0007 identity
-- needs:  0006
-- proves: B1.1.7, B1.3.2, B1.3.3, B2.1.5, C1.0.1, C1.0.4, C1.0.5, C1.0.6, C1.0.8
-- The functions with which the application registers, signs in and identifies users, its privileges, and the audit of the tables.
-- A transaction is identified by a session that is looked up, never by a user id that the client sets: without the hash of
-- a valid token nobody can act as a user.
create table ops.secret (
    name  text  not null,
    value bytea not null,
    constraint secrets_are_named     primary key (name),
    constraint secrets_are_long      check (octet_length(value) >= 32)
);
comment on table ops.secret is 'Keys that leave this database only in backups.';
comment on column ops.secret.name  is '[internal] Purpose of the key.';
comment on column ops.secret.value is '[secret] The key.';
insert into ops.secret values ('attempts', uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));

-- The session that identifies a transaction is stored in a setting, as the hash of its token and the id of its user. Every login can
-- change its settings, except those that only a superuser, or a role with the privilege to set them, may change; and Postgres has no
-- such setting of our own. So it is stored in backtrace_functions, a list for developers of Postgres that is empty otherwise and in which
-- these digits name no function. roles.sql lets hma_auth_definer set it. The test of its form is the same in audit.actor (0005).
-- In plpgsql, because its plan is cached for the connection: as a function in SQL it was planned again by every query, which took 60 us.
create function auth.current_user_id() returns uuid
language plpgsql stable security definer parallel safe
set search_path = ''
as $$
declare
    token constant text := case
        when length(current_setting('backtrace_functions')) = 97 and substr(current_setting('backtrace_functions'), 65, 1) = '_'
            and current_setting('backtrace_functions') ~ '^[0-9a-f]+_[0-9a-f]+$'
        then left(current_setting('backtrace_functions'), 64)
    end;
    whose uuid;
begin
    if token is not null then
        select s.user_id into whose from auth.sessions s
         where s.token_hash = decode(token, 'hex') and s.ended_at is null and s.expires_at > clock_timestamp();
    end if;
    return whose;
end
$$;
comment on function auth.current_user_id() is 'The user whose valid session identifies this transaction; null without one.';

-- A transaction keeps its user. Otherwise one statement could change rows as one user and be recorded for another, or for nobody.
create function auth.identify(token_hash bytea, request_id text default null) returns uuid
language plpgsql security definer
set search_path = ''
as $$
declare
    token constant text := case
        when length(current_setting('backtrace_functions')) = 97 and substr(current_setting('backtrace_functions'), 65, 1) = '_'
            and current_setting('backtrace_functions') ~ '^[0-9a-f]+_[0-9a-f]+$'
        then left(current_setting('backtrace_functions'), 64)
    end;
    whose uuid;
begin
    if token <> coalesce(encode(token_hash, 'hex'), '') then
        raise exception using
            errcode = 'restrict_violation', constraint = 'transactions_have_one_user',
            message = 'auth.identify: this transaction is identified already', hint = 'begin another transaction.';
    end if;
    perform set_config('hma.request', coalesce(left(request_id, 100), ''), true);
    if token is null then
        select s.user_id into whose from auth.sessions s
         where s.token_hash = identify.token_hash and s.ended_at is null and s.expires_at > clock_timestamp();
        perform set_config('backtrace_functions', encode(token_hash, 'hex') || '_' || translate(whose::text, '-', ''), true)
          where whose is not null;
    end if;
    return auth.current_user_id();
end
$$;
comment on function auth.identify(bytea, text) is 'Identifies only this transaction with a session; returns the user, or null.';

create function auth.find_credentials(email text) returns table (user_id uuid, password_hash text)
language sql stable security definer
set search_path = ''
begin atomic
    select u.id, u.password_hash from auth.users u where lower(u.email) = lower(find_credentials.email)
       and find_credentials.email is nfkc normalized and strpos(find_credentials.email, U&'\0130') = 0;
end;
comment on function auth.find_credentials(text) is 'Returns the user id and password hash, with which the application checks a password.';

-- Parameters are text or bytea: for every other type Postgres refuses a malformed value before the function runs, and writes it into the
-- error and the server's log, where a value in the wrong place may be a token or a birth date.
create function auth.start_session(user_id text, token_hash bytea, lifetime text default '12 hours') returns uuid
language plpgsql security definer
set search_path = '' set timezone = 'UTC'
as $$
declare
    -- One moment for both ends, so that a lifetime is exactly what was asked for; in UTC, where every day has 24 hours.
    moment constant timestamptz := clock_timestamp();
    opened uuid;
    broken_rule   text;
    broken_table  text;
    broken_column text;
begin
    if not pg_input_is_valid(user_id, 'uuid') then
        raise foreign_key_violation using constraint = 'sessions_belong_to_a_user', table = 'sessions';
    elsif not pg_input_is_valid(lifetime, 'interval') then
        raise check_violation using constraint = 'sessions_have_a_lifetime', table = 'sessions';
    end if;
    insert into auth.sessions (user_id, token_hash, started_at, expires_at)
    values (start_session.user_id::uuid, start_session.token_hash, moment, moment + start_session.lifetime::interval)
    returning id into opened;
    return opened;
exception when integrity_constraint_violation then
    -- Said again without the detail, which contains the refused row.
    get stacked diagnostics broken_rule = constraint_name, broken_table = table_name, broken_column = column_name;
    raise exception using
        errcode = sqlstate, constraint = broken_rule, table = broken_table, column = broken_column,
        message = format('auth.start_session: the rule %s is broken', coalesce(nullif(broken_rule, ''), broken_column));
end
$$;
comment on function auth.start_session(text, bytea, text) is 'Starts a session. The client keeps the token; only its SHA-256 is passed.';

create function auth.end_session(token_hash bytea) returns boolean
language sql security definer
set search_path = ''
begin atomic
    with ended as (
        update auth.sessions s set ended_at = clock_timestamp()
         where s.token_hash = end_session.token_hash and s.ended_at is null returning 1
    )
    select exists (select from ended);
end;
comment on function auth.end_session(bytea) is 'Ends a session at once; false when no such session was active.';

-- Keyed, so that without the key nobody can test email addresses against the log.
create function auth.keyed_hash(value text) returns text
language sql stable
set search_path = ''
return encode(sha256((select s.value from ops.secret s where s.name = 'attempts') || convert_to(lower(value), 'UTF8')), 'hex');
comment on function auth.keyed_hash(text) is 'Hash of a value under a key; cannot be tested without the key.';

-- The only way in which the application creates a user. A refusal is a return value and not an error: an error would roll back the
-- audit row of the attempt, and Postgres would write the refused row, including the birth date, into the detail of the error and into the
-- log. An address that is already registered returns the same as a new one. Every other refusal returns only the name of the rule. The birth date is
-- text in the form YYYY-MM-DD, so that what is not a date is a refusal, too.
create function auth.register(email text, password_hash text, date_of_birth text, request_id text default null) returns text
language plpgsql security definer
set search_path = ''
as $$
declare
    broken_rule  text;
    broken_table text;
begin
    perform set_config('hma.request', coalesce(left(request_id, 100), ''), true);
    begin
        if date_of_birth !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' or not pg_input_is_valid(date_of_birth, 'date') then
            raise check_violation using constraint = 'users_have_a_birth_date', table = 'users';
        end if;
        insert into auth.users (email, password_hash, date_of_birth)
        values (register.email, register.password_hash, register.date_of_birth::date);
        return 'accepted';
    exception
        when check_violation or unique_violation or not_null_violation then
            get stacked diagnostics broken_rule = constraint_name, broken_table = table_name;
            -- A missing value is the one refusal of a row for which Postgres knows no name.
            if sqlstate = '23502' then broken_rule := 'users_are_complete'; end if;
            -- What the audit breaks on is no answer about a person: a leaf that is not attached is a check violation, too, but nameless.
            if broken_table <> 'users' or broken_rule = '' then raise; end if;
    end;
    perform audit.write(
        case broken_rule when 'users_own_their_email' then 'registration_repeated' else 'registration_rejected' end,
        'auth.register', null,
        jsonb_build_object('rule', broken_rule, 'attempt', auth.keyed_hash(coalesce(register.email, '')))
    );
    return case broken_rule when 'users_own_their_email' then 'accepted' else broken_rule end;
end
$$;
comment on function auth.register(text, text, text, text) is 'Registers a user; returns accepted, or the name of the broken rule. The attempt is audited in this transaction: commit before you act on the result.';

-- Granted before the ownership changes: afterwards only the new owner could grant.
grant execute on function auth.current_user_id() to hma_app;
grant execute on function auth.identify(bytea, text), auth.find_credentials(text), auth.start_session(text, bytea, text),
    auth.end_session(bytea), auth.register(text, text, text, text) to hma_app;

grant usage, create on schema auth to hma_auth_definer;
alter function auth.current_user_id()                     owner to hma_auth_definer;
alter function auth.identify(bytea, text)                 owner to hma_auth_definer;
alter function auth.find_credentials(text)                owner to hma_auth_definer;
alter function auth.start_session(text, bytea, text)      owner to hma_auth_definer;
alter function auth.end_session(bytea)                    owner to hma_auth_definer;
alter function auth.register(text, text, text, text)      owner to hma_auth_definer;
revoke create on schema auth from hma_auth_definer;
grant usage on schema audit, ops to hma_auth_definer;
grant select on ops.secret to hma_auth_definer;
grant select (id, email, password_hash), insert (email, password_hash, date_of_birth) on auth.users to hma_auth_definer;
grant select (id, user_id, token_hash, expires_at, ended_at), insert (user_id, token_hash, started_at, expires_at), update (ended_at)
    on auth.sessions to hma_auth_definer;
grant execute on function auth.keyed_hash(text) to hma_auth_definer;

grant usage on schema auth to hma_app;
-- By column, so that a column added later is not accessible until its migration grants it.
grant select (id, email, registered_on, created_at, updated_at), update (email, password_hash), delete on auth.users to hma_app;
grant select (id, user_id, started_at, expires_at, ended_at, created_at, updated_at), update (ended_at) on auth.sessions to hma_app;
grant select (id, user_id, document_id, accepted_at, created_at, updated_at), insert (user_id, document_id) on auth.legal_acceptance to hma_app;
grant usage on schema reference to hma_app;
grant select on reference.legal_documents to hma_app;

select audit.watch('auth.users', 'registered_on');
select audit.watch('auth.sessions', 'user_id', 'started_at', 'expires_at', 'ended_at');
select audit.watch('auth.legal_acceptance', 'user_id', 'document_id', 'accepted_at');
