import { edit, edits, faults, sql } from '../harness/setup.ts'

const REGISTRY = 'ml-stub/registry.ts'
const SHARING = 'ml-stub/sharing.ts'

export default faults([
  {
    criterion: 'F1.1.1',
    breaks: 'the stage that is asked for is ignored',
    plant: edit(REGISTRY, "stage: 'stage = ?'", "stage: '?::text is not null'"),
  },
  {
    criterion: 'F1.1.1',
    breaks: 'the name that is asked for is ignored',
    plant: edit(REGISTRY, "name: 'name = ?'", "name: '?::text is not null'"),
  },
  {
    criterion: 'F1.1.1',
    breaks: 'the task that is asked for is ignored',
    plant: edit(REGISTRY, "task: 'task = ?'", "task: '?::text is not null'"),
  },
  {
    criterion: 'F1.1.1',
    breaks: 'versions are sorted as text',
    plant: edit(REGISTRY, 'order by name, ${NUMBER} desc limit $2', 'order by name, version desc limit $2'),
  },
  {
    criterion: 'F1.1.1',
    breaks: 'a page repeats the last version of the one before',
    plant: edit(REGISTRY, '${NUMBER} < string_to_array(', '${NUMBER} <= string_to_array('),
  },
  {
    criterion: 'F1.1.1',
    breaks: 'a page leaves a version out',
    plant: edit(REGISTRY, 'models[limit - 1] : undefined', 'models[limit] : undefined'),
  },
  {
    criterion: 'F1.1.1',
    breaks: 'the last page promises another',
    plant: edit(REGISTRY, 'models.length > limit', 'models.length >= limit'),
  },
  {
    criterion: 'F1.1.1',
    breaks: 'an answer is kept for the next who asks',
    plant: edits(
      {
        file: SHARING,
        find: '    if (line === undefined) return start(key, ask)\n',
        replace:
          '    if (line === undefined) return start(key, ask)\n    if (line !== undefined) return line.running\n',
      },
      { file: SHARING, find: 'if (line.next === undefined) lines.delete(key)', replace: '' },
    ),
  },
  {
    criterion: 'F1.1.1',
    breaks: 'a page that is kept is served whatever the database says',
    plant: edit(REGISTRY, 'before !== undefined && models === null', 'before !== undefined'),
  },
  {
    criterion: 'F1.1.1',
    breaks: 'a page is taken for the same while its models are',
    plant: edit(REGISTRY, 'hash_record_extended(page, 0)', 'hashtextextended(name || version, 0)'),
  },
  {
    criterion: 'F1.1.1',
    breaks: 'a page is taken for the same until something newer is in it',
    plant: edit(
      REGISTRY,
      'hash_array_extended(array_agg(hash_record_extended(page, 0)), 0)',
      "extract('epoch' from max(updated_at) at time zone 'utc')::bigint",
    ),
  },
  {
    criterion: 'F1.1.1',
    breaks: 'a stage has the name it had when it was first asked for',
    plant: edit(REGISTRY, ', stage::text as word', ''),
  },
  {
    criterion: 'F1.1.1',
    breaks: 'the description is left out',
    plant: edit(REGISTRY, "'description', description", "'description', null"),
  },
  {
    criterion: 'F1.1.1',
    breaks: 'the time of the last change is that of registration',
    plant: edit(REGISTRY, 'to_char(updated_at', 'to_char(created_at'),
  },
  {
    criterion: 'F1.1.1',
    breaks: 'the newest version is called the one in production',
    plant: edit('ml-stub/routes.ts', "stage === 'production'", "stage !== 'archived'"),
  },
  {
    criterion: 'F1.1.1',
    breaks: 'a model has the versions of its neighbours too',
    plant: edit(REGISTRY, 'from ml.model where name = $1', 'from ml.model where name >= $1'),
  },
  {
    criterion: 'F1.1.1',
    breaks: 'the service may not read the registry',
    plant: sql`revoke select on ml.model from hma_ml`,
  },
])
