-- 0009 model registry
-- needs:  0003
-- proves: F1.1.1, F1.1.2
-- One row for each registered version of a model. The artefact of a version is immutable, so that a version always means the same bytes.
-- A version is archived and never deleted, because its name and number could otherwise be given to another artefact. Only
-- stage, task and description may change.
create type ml.stage as enum ('registered', 'staging', 'production', 'archived');
comment on type ml.stage is 'Stage of a version. Every transition can be reversed, as a rollback does.';

create table ml.model (
    name            text collate "C" not null,
    version         text collate "C" not null,
    stage           ml.stage         not null default 'registered',
    task            text collate "C" not null,
    description     text,
    artefact_uri    text             not null,
    artefact_sha256 bytea            not null,
    artefact_size   bigint           not null,
    created_at      timestamptz      not null default clock_timestamp(),
    updated_at      timestamptz      not null default clock_timestamp(),
    constraint models_have_each_version_once      primary key (name, version),
    constraint models_have_a_plain_name           check (name ~ '^[a-z][a-z0-9-]*$' and length(name) <= 63),
    -- No leading zeros, so that each number has one spelling; nine digits fit into an integer.
    constraint models_are_numbered                check (version ~ '^(0|[1-9]\d{0,8})(\.(0|[1-9]\d{0,8})){2}$'),
    constraint models_have_a_plain_task           check (task ~ '^[a-z][a-z0-9-]*$' and length(task) <= 63),
    constraint models_are_described_briefly       check (length(description) between 1 and 1000),
    -- No user, query or fragment, so that the address cannot contain a credential.
    constraint artefacts_have_a_plain_address     check (
        artefact_uri ~ '^(s3|https)://[a-z0-9.-]+(:\d{1,5})?/[^[:space:]?#@]+$' and length(artefact_uri) <= 1024
    ),
    constraint artefacts_have_a_whole_hash        check (octet_length(artefact_sha256) = 32),
    -- The greatest integer that JSON represents exactly.
    constraint artefacts_have_a_size              check (artefact_size between 1 and 9007199254740991)
);
create unique index models_have_one_production_version on ml.model (name) where stage = 'production';
-- For pages of the registry in order of version: 10.0.0 comes after 9.0.0.
create index models_by_number on ml.model (name, (string_to_array(version, '.')::int[]) desc);

comment on table ml.model is 'The model registry: every registered version of every model, with the address of its artefact.';
comment on column ml.model.name            is '[internal] Name of the model; the same for all its versions.';
comment on column ml.model.version         is '[internal] Three numbers, as in semantic versioning.';
comment on column ml.model.stage           is '[internal] Stage of the version.';
comment on column ml.model.task            is '[internal] What the model does, for example text-moderation.';
comment on column ml.model.description     is '[internal] Description for people.';
comment on column ml.model.artefact_uri    is '[internal] Address of the artefact; never contains a credential.';
comment on column ml.model.artefact_sha256 is '[internal] SHA-256 of the artefact.';
comment on column ml.model.artefact_size   is '[internal] Size of the artefact in bytes.';
comment on column ml.model.created_at      is '[internal] When the version was registered.';
comment on column ml.model.updated_at      is '[internal] When the row was last changed.';

create trigger artefacts_are_immutable before update on ml.model for each row
    when (
        old.name is distinct from new.name or old.version is distinct from new.version
        or old.artefact_uri is distinct from new.artefact_uri
        or old.artefact_sha256 is distinct from new.artefact_sha256
        or old.artefact_size is distinct from new.artefact_size
    )
    execute function ops.refuse_change();
create trigger artefacts_are_kept before delete or truncate on ml.model
    for each statement execute function ops.refuse_change();
create trigger models_are_stamped before insert or update on ml.model
    for each row execute function ops.stamp_times();
-- `enable always`, because a session in replica mode skips ordinary triggers.
alter table ml.model enable always trigger artefacts_are_immutable;
alter table ml.model enable always trigger artefacts_are_kept;

grant usage on schema ml to hma_ml;
grant select on ml.model to hma_ml;
