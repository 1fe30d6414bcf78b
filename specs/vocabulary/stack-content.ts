// What a user keeps in the dev stack: the rows of the tables, and the bytes of the objects.
import type { Project } from '../../harness/index.ts'
import { asRoot } from './store.ts'
import { answerOf, typed } from './typed.ts'

const BUCKET = 'hma'

/**
 * Of each table that the application or its models use: how many rows, and a hash of them. Not the moment of the last change: it is
 * another one after a wrong value was corrected.
 */
const ROWS = String.raw`
  select format('%s.%s %s', schemaname, relname, trim(regexp_replace(query_to_xml(format($q$
      select count(*), md5(string_agg(line, ',' order by line)) as hash
        from (select (to_jsonb(t) - 'updated_at')::text as line from %I.%I as t) as lines $q$, schemaname, relname),
    false, true, '')::text, '(<[^>]*>|\s)+', ' ', 'g')))
  from pg_stat_user_tables where schemaname in ('auth', 'ml', 'reference') order by 1;`

/** As the login that may read every table and nothing else. */
const ASK = `{ cat .hma/secrets/backup-password; echo; echo "$ROWS"; } | scripts/compose.sh exec -T postgres sh -c \\
  'read -r PGPASSWORD; export PGPASSWORD; exec psql -h 127.0.0.1 -U hma_backup -d hma -qtA -v ON_ERROR_STOP=1'`

/** Each table as `table rows hash`, and each object of the bucket as `key bytes`. */
export async function contentOf(project: Project): Promise<string[]> {
  const { stdout } = await typed(project, ASK, { variables: { ROWS } })
  return [...stdout.split('\n'), ...(await objectsOf(project))]
}

/** Changes a row and adds an object, so that no new stack has the same. */
export async function changeContent(project: Project): Promise<void> {
  await answerOf(project, "update ml.model set description = 'changed'")
  using store = await asRoot(project, 'dev')
  await store.put(BUCKET, 'added', 'added')
}

async function objectsOf(project: Project): Promise<string[]> {
  using store = await asRoot(project, 'dev')
  const keys = await store.keys(BUCKET)
  return Promise.all(keys.map(async (key) => `${key} ${await store.get(BUCKET, key)}`))
}
