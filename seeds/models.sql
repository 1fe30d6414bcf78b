-- models
-- where:  databases marked development or test, and no others
-- proves: F1.1.4
-- Example models in every stage, so that a new stack has something to serve. There are no artefacts behind them. What is
-- there already stays as somebody left it: versions are added, never changed.
-- One transaction, so that psql -f, too, stops at the guard: after it every statement is refused until the end.
begin;
set local role hma_owner;

do $$
begin
    if not exists (select from ops.environment where name in ('development', 'test')) then
        raise exception using
            errcode = 'restrict_violation', constraint = 'example_models_stay_out_of_production',
            message = 'example models belong into a database that is marked development or test',
            hint = 'mark it: HMA_ENVIRONMENT=development scripts/migrate.sh apply.';
    end if;
end
$$;

insert into ml.model (name, version, stage, task, description, artefact_uri, artefact_sha256, artefact_size)
select example.name, example.version, example.stage::ml.stage, example.task, example.description,
       format('s3://models/%s/%s.onnx', example.name, example.version),
       sha256(convert_to(example.name || ' ' || example.version, 'UTF8')), example.size
  from (values
    ('text-moderation',  '1.0.0', 'archived',   'text-moderation',  'Example: the version before the one in production.', 268435456),
    ('text-moderation',  '1.1.0', 'production', 'text-moderation',  'Example: the version in production.',                268435456),
    ('text-moderation',  '2.0.0', 'staging',    'text-moderation',  'Example: the candidate for production.',             402653184),
    ('image-moderation', '1.0.0', 'production', 'image-moderation', 'Example: the only version of its model.',            104857600),
    ('profile-ranking',  '0.9.0', 'registered', 'ranking',          'Example: registered and not yet tried.',              52428800),
    ('spam-detection',   '3.2.1', 'staging',    'text-moderation',  'Example: another model for the same task.',           73400320)
  ) as example (name, version, stage, task, description, size)
on conflict do nothing;

commit;
