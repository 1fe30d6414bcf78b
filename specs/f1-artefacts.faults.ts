import { faults, sql } from '../harness/setup.ts'

const ARTEFACT = ['name', 'version', 'artefact_uri', 'artefact_sha256', 'artefact_size']

const frozen = (columns: string[], condition = 'true') => {
  const row = (which: string) => columns.map((column) => `${which}.${column}`).join(', ')
  return sql`drop trigger artefacts_are_immutable on ml.model;
    create trigger artefacts_are_immutable before update on ml.model for each row
    when (${condition} and (${row('old')}) is distinct from (${row('new')})) execute function ops.refuse_change();
    alter table ml.model enable always trigger artefacts_are_immutable`
}

/** A change of the column that does not change the expression is allowed. `%` is the column. */
const comparing = (column: string, expression: string) => {
  const of = (which: string) => expression.replace('%', `${which}.${column}`)
  return frozen(ARTEFACT, `not (${of('old')} = ${of('new')} and old.${column} <> new.${column})`)
}

const production = (index: string) =>
  sql`drop index ml.models_have_one_production_version;
    create unique index models_have_one_production_version on ml.model ${index}`

const hash = (check: string) =>
  sql`alter table ml.model drop constraint artefacts_have_a_whole_hash;
    alter table ml.model add constraint artefacts_have_a_whole_hash check (${check})`

export default faults({
  'F1.1.2': {
    'a model may have several production versions': sql`drop index ml.models_have_one_production_version`,
    'all models share one production version': production(`(stage) where stage = 'production'`),
    'each task of a model has a production version': production(`(name, task) where stage = 'production'`),
    'each description of a model has a production version': production(
      `(name, description) nulls not distinct where stage = 'production'`,
    ),
    'an archived artefact can be altered': frozen(ARTEFACT, `old.stage <> 'archived'`),
    'an artefact in production can be altered': frozen(ARTEFACT, `old.stage <> 'production'`),
    'one production version is checked by a trigger and not enforced by an index': sql`drop index ml.models_have_one_production_version;
      create function ml.check_production() returns trigger language plpgsql as $$ begin
        if new.stage = 'production' and exists (
          select from ml.model where name = new.name and version <> new.version and stage = 'production'
        ) then raise unique_violation using constraint = 'models_have_one_production_version'; end if;
        return new; end $$;
      create trigger models_are_checked before insert or update on ml.model
        for each row execute function ml.check_production()`,
    'a version in production cannot leave it': sql`create function ml.keep_production() returns trigger language plpgsql as $$ begin
        if old.stage = 'production' then new.stage := old.stage; end if; return new; end $$;
      create trigger models_stay before update on ml.model for each row execute function ml.keep_production()`,
    'an artefact can be altered': sql`alter table ml.model disable trigger artefacts_are_immutable`,
    ...Object.fromEntries(
      ARTEFACT.map((column) => [
        `the ${column} of an artefact can be altered`,
        frozen(ARTEFACT.filter((other) => other !== column)),
      ]),
    ),
    'the address of an artefact can be altered in its letter case': comparing('artefact_uri', 'lower(%)'),
    'the last byte of a hash can be altered': comparing('artefact_sha256', 'substr(%, 1, 31)'),
    'an artefact has a signature that can be altered': sql`alter table ml.model add column artefact_signature bytea`,
    'the description cannot be altered': frozen([...ARTEFACT, 'description']),
    'a statement that moves a version to another stage may replace its artefact along with it': frozen(
      ARTEFACT,
      'old.stage = new.stage',
    ),
    'a statement that describes a version anew may replace its artefact along with it': frozen(
      ARTEFACT,
      'old.description is not distinct from new.description',
    ),
    'an artefact may be replaced as a whole, with its address, its hash and its size': frozen(
      ARTEFACT,
      `not (old.artefact_uri <> new.artefact_uri and old.artefact_sha256 <> new.artefact_sha256
        and old.artefact_size <> new.artefact_size)`,
    ),
    'a version can be registered twice': sql`alter table ml.model drop constraint models_have_each_version_once;
      alter table ml.model add constraint models_have_each_version_once primary key (name, version, artefact_uri)`,
    'a version can be deleted': sql`drop trigger artefacts_are_kept on ml.model;
      create trigger artefacts_are_kept before truncate on ml.model for each statement execute function ops.refuse_change()`,
    'the registry can be truncated': sql`drop trigger artefacts_are_kept on ml.model;
      create trigger artefacts_are_kept before delete on ml.model for each statement execute function ops.refuse_change();
      alter table ml.model enable always trigger artefacts_are_kept`,
    'a replica can alter an artefact': sql`alter table ml.model enable trigger artefacts_are_immutable`,
    'a replica can delete an artefact': sql`alter table ml.model enable trigger artefacts_are_kept`,
    'a shorter hash is accepted': hash('octet_length(artefact_sha256) <= 32'),
    'a longer hash is accepted': hash('octet_length(artefact_sha256) >= 32'),
    'the service may promote a version': sql`grant update on ml.model to hma_ml`,
    'registered artefacts can be altered': sql`drop trigger artefacts_are_immutable on ml.model; create trigger artefacts_are_immutable before update on ml.model for each row when (old.stage <> 'registered' and (old.name is distinct from new.name or old.version is distinct from new.version or old.artefact_uri is distinct from new.artefact_uri or old.artefact_sha256 is distinct from new.artefact_sha256 or old.artefact_size is distinct from new.artefact_size)) execute function ops.refuse_change(); alter table ml.model enable always trigger artefacts_are_immutable`,
    'one of two production versions is demoted in silence': sql`drop index ml.models_have_one_production_version; create unique index models_have_one_production_version on ml.model (name) where stage = 'production'; create function ml.demote() returns trigger language plpgsql set search_path = '' as $$ begin update ml.model m set stage = 'archived' where m.name = new.name and m.version <> new.version and m.stage = 'production' and new.stage = 'production'; return new; end $$; create trigger demote before insert or update on ml.model for each row execute function ml.demote()`,
  },
})
