import { edit, edits, faults, sql } from '../harness/setup.ts'

const REGISTRY = 'ml-stub/registry.ts'

const QUERY = 'await database.query<{ model: Model }>(text, values)'

/** Serves earlier rows of the same query as long as the result of `version` does not change. */
const cachedBy = (version: string) =>
  edit(
    REGISTRY,
    QUERY,
    `await (async () => {
      const key = JSON.stringify([text, values, await database.query('${version}')])
      globalThis.cache ??= {}
      return (globalThis.cache[key] ??= await database.query(text, values))
    })()`,
  )

export default faults({
  'F1.1.1': {
    'the filter by stage is ignored': edit(REGISTRY, 'or stage::text = $2', 'or $2 is not null'),
    'the filter by name is ignored': edit(REGISTRY, 'or name = $1', 'or $1 is not null'),
    'the filter by task is ignored': edit(REGISTRY, 'or task = $3', 'or $3 is not null'),
    'the following pages of a filtered listing contain older versions of the last model whatever the filter':
      edit(
        REGISTRY,
        "and ($4::text is null or name > $4 or (name = $4 and ${NUMBER} < string_to_array($5, '.')::int[]))",
        "and ($4::text is null or name > $4) or (name = $4 and ${NUMBER} < string_to_array($5, '.')::int[])",
      ),
    'the filter by stage holds on the first page alone': edit(
      REGISTRY,
      'or stage::text = $2',
      'or stage::text = $2 or $4::text is not null',
    ),
    'the filter by task holds on the first page alone': edit(
      REGISTRY,
      'or task = $3',
      'or task = $3 or $4::text is not null',
    ),
    'versions are sorted as text': edit(
      REGISTRY,
      'order by name, ${NUMBER} desc limit $6',
      'order by name, version desc limit $6',
    ),
    'a page repeats the last version of the previous page': edit(
      REGISTRY,
      '${NUMBER} < string_to_array(',
      '${NUMBER} <= string_to_array(',
    ),
    'a page omits a version': edit(REGISTRY, 'models[limit - 1] : undefined', 'models[limit] : undefined'),
    'the page after the longest name cannot be reached': edit(
      REGISTRY,
      '/^[a-z][a-z0-9-]{0,62} ',
      '/^[a-z][a-z0-9-]{0,61} ',
    ),
    'the last page announces another': edit(REGISTRY, 'models.length > limit', 'models.length >= limit'),
    'the first answer is cached forever': cachedBy('select 1'),
    'answers are cached until another model is registered': cachedBy('select count(*) from ml.model'),
    'answers are cached until a newer model is registered': cachedBy('select max(created_at) from ml.model'),
    'answers are cached until a row changes': cachedBy('select xmin, ctid from ml.model'),
    'two filters share one cached answer': edit(
      REGISTRY,
      QUERY,
      '((globalThis as Record<string, unknown>)[text] ??= await database.query(text, values)) as { model: Model }[]',
    ),
    'one row that breaks the contract hides the others': edits(
      {
        file: REGISTRY,
        find: 'rows.map(({ model }) => model)',
        replace: 'rows.map(({ model }) => Row.parse(model))',
      },
      {
        file: REGISTRY,
        find: 'const MAX_VERSIONS',
        replace: 'import { Model as Row } from "./contract.ts"\nconst MAX_VERSIONS',
      },
      { file: 'ml-stub/contract.ts', find: 'const Model = z', replace: 'export const Model = z' },
    ),
    'a row that the table accepts is not served': edit(
      REGISTRY,
      'rows.map(({ model }) => model)',
      'rows.map(({ model }) => model).filter(({ artefact }) => URL.canParse(artefact.uri))',
    ),
    'a model has its ten newest versions': edit(
      REGISTRY,
      'const MAX_VERSIONS = 100',
      'const MAX_VERSIONS = 10',
    ),
    'a page has ten models where nobody says how many': edit(
      'ml-stub/contract.ts',
      '.default(50)',
      '.default(10)',
    ),
    'archived versions are omitted': edit(
      REGISTRY,
      'where ($1::text is null',
      "where stage <> 'archived' and ($1::text is null",
    ),
    'the description is left out': edit(REGISTRY, "'description', description", "'description', null"),
    'the time of the last change is the time of registration': edit(
      REGISTRY,
      'to_char(updated_at',
      'to_char(created_at',
    ),
    'registeredAt is in the time zone of the database and still says UTC': edit(
      REGISTRY,
      "to_char(created_at at time zone 'utc', ",
      'to_char(created_at, ',
    ),
    'updatedAt is in the time zone of the database and still says UTC': edit(
      REGISTRY,
      "to_char(updated_at at time zone 'utc', ",
      'to_char(updated_at, ',
    ),
    'the newest version is named as the one in production': edit(
      'ml-stub/routes.ts',
      "stage === 'production'",
      "stage !== 'archived'",
    ),
    'a model has the versions of other models too': edit(
      REGISTRY,
      'from ml.model where name = $1',
      'from ml.model where name >= $1',
    ),
    'the service may not read the registry': sql`revoke select on ml.model from hma_ml`,
  },
})
