-- 0006 people
-- needs:  0002, 0005
-- proves: B1.1.7, B1.1.8, B1.3.1, B1.3.2, B1.3.3, C1.3.1
-- Sessions, legal documents and their acceptances. A document is in the table once it is published, and then it is final; drafts are
-- not stored here.
create table auth.sessions (
    id         uuid        not null default gen_random_uuid(),
    user_id    uuid        not null,
    token_hash bytea       not null,
    started_at timestamptz not null default clock_timestamp(),
    expires_at timestamptz not null,
    ended_at   timestamptz,
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    constraint sessions_have_an_id              primary key (id),
    constraint sessions_belong_to_a_user        foreign key (user_id) references auth.users (id) on delete cascade,
    constraint sessions_store_a_hash            check (octet_length(token_hash) = 32),
    constraint tokens_open_one_session          unique (token_hash),
    constraint sessions_expire_after_they_start check (expires_at > started_at),
    -- A difference of times, because adding days to a time depends on the time zone of the client.
    constraint sessions_last_30_days_at_most    check (expires_at - started_at <= interval '30 days'),
    constraint sessions_end_after_they_start    check (ended_at >= started_at)
);
create index sessions_by_user on auth.sessions (user_id);

comment on table auth.sessions is 'Sessions of users.';
comment on column auth.sessions.id         is '[internal] Identifies the session in other tables.';
comment on column auth.sessions.user_id    is '[internal, audited] The user of the session.';
comment on column auth.sessions.token_hash is '[secret] SHA-256 of the token; the token is never sent to the database.';
comment on column auth.sessions.started_at is '[internal, audited] When the session began.';
comment on column auth.sessions.expires_at is '[internal, audited] When the session expires.';
comment on column auth.sessions.ended_at   is '[internal, audited] When the session was ended before it expired; null otherwise.';
comment on column auth.sessions.created_at is '[internal] When the row was inserted.';
comment on column auth.sessions.updated_at is '[internal] When the row was last changed.';

create table reference.legal_documents (
    id             uuid        not null default gen_random_uuid(),
    name           text        not null,
    version        text        not null,
    content_sha256 bytea       not null,
    published_at   timestamptz not null default clock_timestamp(),
    constraint documents_have_an_id               primary key (id),
    constraint documents_have_a_name              check (name ~ '^[a-z][a-z-]+$'),
    constraint documents_have_a_version           check (version <> '' and length(version) <= 40),
    constraint document_versions_are_published_once unique (name, version),
    constraint documents_are_hashed               check (octet_length(content_sha256) = 32)
);
comment on table reference.legal_documents is 'Published versions of legal documents.';
comment on column reference.legal_documents.id             is '[internal] Identifies the version in other tables.';
comment on column reference.legal_documents.name           is '[internal] Name of the document, for example terms.';
comment on column reference.legal_documents.version        is '[internal] Version of the document.';
comment on column reference.legal_documents.content_sha256 is '[internal] SHA-256 of the published text.';
comment on column reference.legal_documents.published_at   is '[internal] From when it can be accepted.';
create trigger published_documents_are_final before update or delete on reference.legal_documents
    for each row execute function ops.refuse_change();
create trigger published_documents_are_final_as_a_whole before truncate on reference.legal_documents
    for each statement execute function ops.refuse_change();
-- `enable always`, because a session in replica mode skips ordinary triggers.
alter table reference.legal_documents
    enable always trigger published_documents_are_final,
    enable always trigger published_documents_are_final_as_a_whole;

create table auth.legal_acceptance (
    id          uuid        not null default gen_random_uuid(),
    user_id     uuid        not null,
    document_id uuid        not null,
    accepted_at timestamptz not null default clock_timestamp(),
    created_at  timestamptz not null default clock_timestamp(),
    updated_at  timestamptz not null default clock_timestamp(),
    constraint acceptances_have_an_id                primary key (id),
    constraint acceptances_belong_to_a_user          foreign key (user_id) references auth.users (id) on delete cascade,
    constraint acceptances_name_a_published_document foreign key (document_id) references reference.legal_documents (id) on delete restrict,
    constraint documents_are_accepted_once           unique (user_id, document_id)
);
create index acceptances_by_document on auth.legal_acceptance (document_id);

comment on table auth.legal_acceptance is 'Which document versions a user accepted.';
comment on column auth.legal_acceptance.id          is '[internal] Identifies the acceptance in other tables.';
comment on column auth.legal_acceptance.user_id     is '[internal, audited] The user who accepted.';
comment on column auth.legal_acceptance.document_id is '[internal, audited] The version that was accepted.';
comment on column auth.legal_acceptance.accepted_at is '[internal, audited] When it was accepted.';
comment on column auth.legal_acceptance.created_at  is '[internal] When the row was inserted.';
comment on column auth.legal_acceptance.updated_at  is '[internal] When the row was last changed.';

-- A session never changes its user: otherwise a session could be stolen.
create trigger sessions_stay_what_they_are before update of id, user_id, token_hash, started_at on auth.sessions
    for each row when (old.id is distinct from new.id or old.user_id is distinct from new.user_id
        or old.token_hash is distinct from new.token_hash or old.started_at is distinct from new.started_at)
    execute function ops.refuse_change();
create trigger sessions_end_once before update of ended_at on auth.sessions
    for each row when (old.ended_at is not null and new.ended_at is distinct from old.ended_at)
    execute function ops.refuse_change();
create trigger acceptances_are_final before update on auth.legal_acceptance
    for each row execute function ops.refuse_change();
alter table auth.sessions
    enable always trigger sessions_stay_what_they_are,
    enable always trigger sessions_end_once;
alter table auth.legal_acceptance enable always trigger acceptances_are_final;

-- A version may be inserted before it is published. The foreign key refuses an unknown version.
create function auth.refuse_early_acceptance() returns trigger
language plpgsql
set search_path = ''
as $$
begin
    if exists (select from reference.legal_documents d where d.id = new.document_id and d.published_at > new.accepted_at) then
        raise exception using
            errcode = 'restrict_violation', constraint = tg_name, schema = tg_table_schema, table = tg_table_name,
            message = format('document %s is not published yet', new.document_id);
    end if;
    return new;
end
$$;
comment on function auth.refuse_early_acceptance() is 'Refuses to accept a version before it is published.';
create trigger acceptances_follow_publication before insert on auth.legal_acceptance
    for each row execute function auth.refuse_early_acceptance();

create trigger sessions_are_stamped before insert or update on auth.sessions
    for each row execute function ops.stamp_times();
create trigger acceptances_are_stamped before insert or update on auth.legal_acceptance
    for each row execute function ops.stamp_times();
