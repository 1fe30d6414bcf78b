// Each attribute of a role and each option of a membership that the catalog has, turned into its opposite.
import type { Database, Project } from '../../harness/index.ts'
import { differencesAfter } from './migrations.ts'

/** One statement for each attribute that a role has or has not. */
export function oppositeAttributes(db: Database, role: string): Promise<string[]> {
  return db.column(
    `select format('alter role %I %s%s', r.rolname,
                   case to_jsonb(r) ->> a.attname::text when 'true' then 'no' else '' end,
                   case a.attname::text when 'rolcanlogin' then 'login' when 'rolsuper' then 'superuser'
                        else substr(a.attname::text, length('rol') + 1) end)
       from pg_roles r
       join pg_attribute a on a.attrelid = 'pg_roles'::regclass and a.atttypid = 'bool'::regtype
      where r.rolname = $1 order by a.attnum`,
    [role],
  )
}

/** One statement for each option of a membership. */
export function oppositeOptions(db: Database, member: string, group: string): Promise<string[]> {
  return db.column(
    `select format('grant %s to %s with %s %s', m.roleid::regrole, m.member::regrole,
                   replace(a.attname::text, '_option', ''),
                   case to_jsonb(m) ->> a.attname::text when 'true' then 'false' else 'true' end)
       from pg_auth_members m
       join pg_attribute a on a.attrelid = 'pg_auth_members'::regclass and a.atttypid = 'bool'::regtype
      where m.member = $1::regrole and m.roleid = $2::regrole order by a.attnum`,
    [member, group],
  )
}

/** Those of these statements after which the runner of this project sees no difference in that object. */
export async function unnoticed(
  project: Project,
  db: Database,
  statements: string[],
  object: string,
): Promise<string[]> {
  const left: string[] = []
  for (const statement of statements)
    if (!(await differencesAfter(project, db, statement)).includes(object)) left.push(statement)
  return left
}
