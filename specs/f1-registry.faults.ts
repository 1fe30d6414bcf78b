import { edit, edits, faults, sql } from '../harness/setup.ts'

const REGISTRY = 'ml-stub/registry.ts'
const SHARING = 'ml-stub/sharing.ts'

export default faults({
  'F1.1.1': {
    'the stage that is asked for is ignored': edit(
      REGISTRY,
      "stage: 'stage = ?'",
      "stage: '?::text is not null'",
    ),
    'the name that is asked for is ignored': edit(
      REGISTRY,
      "name: 'name = ?'",
      "name: '?::text is not null'",
    ),
    'the task that is asked for is ignored': edit(
      REGISTRY,
      "task: 'task = ?'",
      "task: '?::text is not null'",
    ),
    'versions are sorted as text': edit(
      REGISTRY,
      'order by name, ${NUMBER} desc limit $2',
      'order by name, version desc limit $2',
    ),
    'a page repeats the last version of the one before': edit(
      REGISTRY,
      '${NUMBER} < string_to_array(',
      '${NUMBER} <= string_to_array(',
    ),
    'a page leaves a version out': edit(
      REGISTRY,
      'models[limit - 1] : undefined',
      'models[limit] : undefined',
    ),
    'the last page promises another': edit(REGISTRY, 'models.length > limit', 'models.length >= limit'),
    'an answer is kept for the next who asks': edits(
      {
        file: SHARING,
        find: '    if (line === undefined) return start(key, ask)\n',
        replace:
          '    if (line === undefined) return start(key, ask)\n    if (line !== undefined) return line.running\n',
      },
      { file: SHARING, find: 'if (line.next === undefined) lines.delete(key)', replace: '' },
    ),
    'a page that is kept is served whatever the database says': edit(
      REGISTRY,
      'before !== undefined && models === null',
      'before !== undefined',
    ),
    'a page is taken for the same while its models are': edit(
      REGISTRY,
      'hash_record_extended(page, 0)',
      'hashtextextended(name || version, 0)',
    ),
    'a page is taken for the same until something newer is in it': edit(
      REGISTRY,
      'hash_array_extended(array_agg(hash_record_extended(page, 0)), 0)',
      "extract('epoch' from max(updated_at) at time zone 'utc')::bigint",
    ),
    'a stage has the name it had when it was first asked for': edit(REGISTRY, ', stage::text as word', ''),
    'the description is left out': edit(REGISTRY, "'description', description", "'description', null"),
    'the time of the last change is that of registration': edit(
      REGISTRY,
      'to_char(updated_at',
      'to_char(created_at',
    ),
    'the newest version is called the one in production': edit(
      'ml-stub/routes.ts',
      "stage === 'production'",
      "stage !== 'archived'",
    ),
    'a model has the versions of its neighbours too': edit(
      REGISTRY,
      'from ml.model where name = $1',
      'from ml.model where name >= $1',
    ),
    'the service may not read the registry': sql`revoke select on ml.model from hma_ml`,
  },
})
