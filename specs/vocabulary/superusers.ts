// What superusers read and write by the names of the owner's tables: views, triggers and functions of the owner run with their rights.
import type { Project } from '../../harness/index.ts'
import { fencesOf, whereOf } from './fences.ts'
import { answerOf } from './typed.ts'

const SCHEMAS = '(analytics|audit|auth|ml|ops|reference)'
/** The answer of a server that counts statements. */
export const COUNTED = 'counted'

/** Constants are $1, $2 …, so this statement itself names no schema. The stack's server does not count COPY: `blocksAsSuperuser` finds it. */
const STATEMENTS = `
  (select '${COUNTED}' from statistics.pg_stat_statements limit 1)
  union all
  select regexp_replace(query, '\\s+', ' ', 'g')
    from statistics.pg_stat_statements s join pg_roles r on r.oid = s.userid and r.rolsuper
   where query ~* '^\\s*(copy|delete|insert|merge|select|update|with)\\M' and query ~ '\\m${SCHEMAS}\\.'`

/** Such statements of superusers in all databases of the stack's server since it began to count, and COUNTED. */
export async function statementsOfSuperusers(project: Project): Promise<string[]> {
  return (await answerOf(project, STATEMENTS)).split('\n')
}

/** A block in which psql logs in as the superuser, and a statement behind that. */
const BLOCK = new RegExp(
  String.raw`(?:-U|--username)[ =]?postgres\b[^]*?\b(?:copy|delete|from|into|merge|update)\s+\(?[^;"')]*\b${SCHEMAS}\.\w`,
  'i',
)

/** Blocks of commands of these documents with such a statement. */
export function blocksAsSuperuser(project: Project, files: string[]): string[] {
  const fences = files.flatMap((file) => fencesOf(project, file))
  return whereOf(fences.filter(({ text }) => BLOCK.test(text)))
}
