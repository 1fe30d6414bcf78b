import { faults, sql } from '../harness/setup.ts'

const ARTEFACT = ['name', 'version', 'artefact_uri', 'artefact_sha256', 'artefact_size']

const frozen = (columns: string[]) => {
  const row = (which: string) => columns.map((column) => `${which}.${column}`).join(', ')
  return sql`drop trigger artefacts_are_immutable on ml.model;
    create trigger artefacts_are_immutable before update on ml.model for each row
    when ((${row('old')}) is distinct from (${row('new')})) execute function ops.refuse_change();
    alter table ml.model enable always trigger artefacts_are_immutable`
}

const production = (index: string) =>
  sql`drop index ml.models_have_one_production_version;
    create unique index models_have_one_production_version on ml.model ${index}`

const hash = (check: string) =>
  sql`alter table ml.model drop constraint artefacts_have_a_whole_hash;
    alter table ml.model add constraint artefacts_have_a_whole_hash check (${check})`

export default faults([
  {
    criterion: 'F1.1.2',
    breaks: 'a model may have several production versions',
    plant: sql`drop index ml.models_have_one_production_version`,
  },
  {
    criterion: 'F1.1.2',
    breaks: 'all models share one production version',
    plant: production(`(stage) where stage = 'production'`),
  },
  {
    criterion: 'F1.1.2',
    breaks: 'one production version is looked for and not enforced',
    plant: sql`drop index ml.models_have_one_production_version;
      create function ml.check_production() returns trigger language plpgsql as $$ begin
        if new.stage = 'production' and exists (
          select from ml.model where name = new.name and version <> new.version and stage = 'production'
        ) then raise unique_violation using constraint = 'models_have_one_production_version'; end if;
        return new; end $$;
      create trigger models_are_checked before insert or update on ml.model
        for each row execute function ml.check_production()`,
  },
  {
    criterion: 'F1.1.2',
    breaks: 'a model that was in production once is so for good',
    plant: sql`create function ml.keep_production() returns trigger language plpgsql as $$ begin
        if old.stage = 'production' then new.stage := old.stage; end if; return new; end $$;
      create trigger models_stay before update on ml.model for each row execute function ml.keep_production()`,
  },
  {
    criterion: 'F1.1.2',
    breaks: 'an artefact can be altered',
    plant: sql`alter table ml.model disable trigger artefacts_are_immutable`,
  },
  ...ARTEFACT.map((column) => ({
    criterion: 'F1.1.2',
    breaks: `the ${column} of an artefact can be altered`,
    plant: frozen(ARTEFACT.filter((kept) => kept !== column)),
  })),
  {
    criterion: 'F1.1.2',
    breaks: 'the words about a version are frozen too',
    plant: frozen([...ARTEFACT, 'description']),
  },
  {
    criterion: 'F1.1.2',
    breaks: 'a version can be registered twice',
    plant: sql`alter table ml.model drop constraint models_have_each_version_once;
      alter table ml.model add constraint models_have_each_version_once primary key (name, version, artefact_uri)`,
  },
  {
    criterion: 'F1.1.2',
    breaks: 'a version can be deleted',
    plant: sql`drop trigger artefacts_are_kept on ml.model;
      create trigger artefacts_are_kept before truncate on ml.model for each statement execute function ops.refuse_change()`,
  },
  {
    criterion: 'F1.1.2',
    breaks: 'the registry can be truncated',
    plant: sql`drop trigger artefacts_are_kept on ml.model;
      create trigger artefacts_are_kept before delete on ml.model for each statement execute function ops.refuse_change();
      alter table ml.model enable always trigger artefacts_are_kept`,
  },
  {
    criterion: 'F1.1.2',
    breaks: 'a replica can alter an artefact',
    plant: sql`alter table ml.model enable trigger artefacts_are_immutable`,
  },
  {
    criterion: 'F1.1.2',
    breaks: 'a replica can delete an artefact',
    plant: sql`alter table ml.model enable trigger artefacts_are_kept`,
  },
  {
    criterion: 'F1.1.2',
    breaks: 'half a hash is enough',
    plant: hash('octet_length(artefact_sha256) <= 32'),
  },
  {
    criterion: 'F1.1.2',
    breaks: 'a hash may be longer than one',
    plant: hash('octet_length(artefact_sha256) >= 32'),
  },
  {
    criterion: 'F1.1.2',
    breaks: 'the service may promote a version',
    plant: sql`grant update on ml.model to hma_ml`,
  },
])
