// Privileges: attempts every cell of the matrix as a role, and compares with what the matrix says.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Database, Session } from '../../harness/index.ts'
import { type Attempt, createAttemptFunction, runAttempts } from './attempts.ts'
import { connectAs } from './logins.ts'
import { grantsListed, grantsTo, matrix, mayDo, ROLES } from './matrix.ts'
import { type Cell, type DbObject, innerCellsOf, objectsOf, outerCellsOf } from './objects.ts'

const GRANTS = readFileSync(join(import.meta.dirname, 'grants.sql'), 'utf8')

/** Cells by role. */
export type Held = Record<string, string[]>

/** Every cell that each role of the matrix is not denied, by attempt. */
export async function privilegesOfAll(db: Database): Promise<Held> {
  const objects = await objectsOf(db)
  return heldBy(ROLES, (role) => attemptEverything(db, role, concerning(role, objects)))
}

/** The cells that the matrix gives each role, in the same format. */
export async function reviewedPrivilegesOfAll(db: Database): Promise<Held> {
  const objects = await objectsOf(db)
  return heldBy(ROLES, (role) => reviewed(db, role, concerning(role, objects)))
}

/** PostGIS has a thousand functions: only PUBLIC, the two roles of the criterion and the roles that may execute them attempt them. */
const concerning = (role: string, objects: DbObject[]) =>
  objects.filter(
    ({ extension }) => !extension || ['hma_owner', 'hma_app', 'analytics_reader', 'PUBLIC'].includes(role),
  )

/** Every cell that this role is not denied, by attempt. */
export async function privilegesOf(db: Database, role: string): Promise<string[]> {
  return attemptEverything(db, role, await objectsOf(db))
}

/** Those of them that the matrix does not give it. */
export async function privilegesBeyondTheMatrix(db: Database, role: string): Promise<string[]> {
  const objects = await objectsOf(db)
  const given = new Set(await reviewed(db, role, objects))
  return (await attemptEverything(db, role, objects)).filter((cell) => !given.has(cell))
}

/** The cells that need no schema: those of schemas, languages and the database, and becoming another role. */
export async function attemptOutsideOf(db: Database, role: string, objects: DbObject[]): Promise<string[]> {
  await using session = await connectAs(db, role)
  await createAttemptFunction(db, session.role)
  await disableSchemaGuard(db)
  return await runAttempts(session, [...outerCellsOf(objects), ...(await roleChangeAttempts(db, role))])
}

async function attemptEverything(db: Database, role: string, objects: DbObject[]): Promise<string[]> {
  return [...(await attemptOutsideOf(db, role, objects)), ...(await attemptOn(db, role, objects))]
}

async function reviewed(db: Database, role: string, objects: DbObject[]): Promise<string[]> {
  const may = (cells: Cell[]) => cells.filter((cell) => mayDo(role, cell)).map(({ cell }) => cell)
  const becomes = (await roleChangeAttempts(db, role)).filter(({ to }) =>
    matrix.roles[role]?.becomes.includes(to),
  )
  return [...may(outerCellsOf(objects)), ...becomes.map(({ cell }) => cell), ...may(innerCellsOf(objects))]
}

/** One role after the other, because they share the database that the attempts change. */
export async function heldBy(roles: string[], ask: (role: string) => Promise<string[]>): Promise<Held> {
  const held: Held = {}
  for (const role of roles) held[role] = await ask(role)
  return held
}

/** Grants everything that this role has to others; returns what they then have. */
export async function grantEverythingToOthers(db: Database, role: string): Promise<string[]> {
  await using session = await connectAs(db, role)
  await createAttemptFunction(db, session.role)
  await disableSchemaGuard(db)
  await session.query('set default_transaction_read_only = off')
  const before = new Set(await grantsInCatalog(db))
  for (const { privilege, object, columns } of grantsTo(role, await objectsOf(db))) {
    const what = `${privilege}${columns === undefined ? '' : ` (${columns.join(', ')})`}`
    await session.query(
      `grant ${what} on ${object.kind === 'view' ? 'table' : object.kind} ${object.sql} to pg_monitor`,
    )
  }
  return (await grantsInCatalog(db)).filter((line) => !before.has(line))
}

/** Attributes of the roles, in the format of reviewedAttributes. */
export async function attributesOf(db: Database): Promise<unknown[]> {
  return db.query(
    `select rolname as role, rolcanlogin as "logs in", rolbypassrls as "reads everything",
            rolsuper or rolcreaterole or rolcreatedb or rolreplication as "more than that"
       from pg_roles where rolname = any($1::text[]) order by array_position($1::text[], rolname::text)`,
    [ROLES],
  )
}

export function reviewedAttributes(): unknown[] {
  return ROLES.filter((role) => role !== 'PUBLIC').map((role) => ({
    role,
    'logs in': matrix.roles[role]?.['logs in'] === 'yes',
    'reads everything': matrix.roles[role]?.['reads everything'] === 'yes',
    'more than that': false,
  }))
}

/** Statements of other logins that this session can read. */
export async function visibleQueriesOfOthers(session: Session): Promise<unknown[]> {
  return session.query(
    `select usename, query from pg_stat_activity
      where usename <> session_user and query <> '' and query <> '<insufficient privilege>'`,
  )
}

/** Every grant in the catalog, also those without effect. */
export async function grantsInCatalog(db: Database): Promise<string[]> {
  const rows = await db.query<{ line: string }>(GRANTS)
  return rows.map(({ line }) => line).sort()
}

/** Default privileges that give something to another role than the one whose objects they are for. */
export async function defaultPrivilegesIn(db: Database): Promise<unknown[]> {
  return db.query(`
    select d.defaclrole::regrole as creator, d.defaclobjtype as kind, d.defaclnamespace::regnamespace as schema, a.privilege_type, a.grantee
      from pg_default_acl d cross join aclexplode(d.defaclacl) a where a.grantee <> d.defaclrole`)
}

export async function reviewedGrantsOf(db: Database): Promise<string[]> {
  return grantsListed(await objectsOf(db))
}

/** Attempts the cells of these objects only, with USAGE on their schemas granted to that role. */
export async function attemptOn(db: Database, role: string, objects: DbObject[]): Promise<string[]> {
  return attemptCells(db, role, innerCellsOf(objects))
}

/** The same for the cells of their columns. */
export async function attemptColumnsOf(db: Database, role: string, objects: DbObject[]): Promise<string[]> {
  return attemptCells(
    db,
    role,
    innerCellsOf(objects).filter(({ column }) => column !== undefined),
  )
}

/** Attempts these cells only, with USAGE on their schemas granted to that role. */
export async function attemptCells(db: Database, role: string, cells: Cell[]): Promise<string[]> {
  await using session = await connectAs(db, role)
  await createAttemptFunction(db, session.role)
  await disableSchemaGuard(db)
  await removeOuterProtections(db, session.role)
  return await runAttempts(session, cells)
}

/** Disables the event trigger that reserves schema changes for the owner, so that a superfluous grant has an effect. */
export async function disableSchemaGuard(db: Database): Promise<void> {
  await db.query(`
    do $$
    begin
        if exists (select from pg_event_trigger where evtname = 'the_owner_changes_the_schema') then
            alter event trigger the_owner_changes_the_schema disable;
        end if;
    end
    $$`)
}

/**
 * Removes outer protections, so that each object's own privileges decide: the role gets USAGE on every schema, and every view
 * accepts rows, so that only the privilege decides about writing to it.
 */
async function removeOuterProtections(db: Database, role: string): Promise<void> {
  await db.query(`
    create or replace function attempts.take() returns trigger language plpgsql as 'begin return null; end';
    do $$
    declare
        opened text;
    begin
        for opened in select quote_ident(nspname) from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema' loop
            execute format('grant usage on schema %s to ${role}', opened);
        end loop;
        for opened in select c.oid::regclass from pg_class c where c.relkind = 'v' and c.oid >= 16384
            and not exists (select from pg_trigger t where t.tgrelid = c.oid) loop
            execute format('create trigger take instead of insert or update or delete on %s for each row execute function attempts.take()', opened);
        end loop;
    end
    $$`)
}

/** Becoming another role, and making another one its member. */
async function roleChangeAttempts(db: Database, role: string): Promise<(Attempt & { to: string })[]> {
  // Nobody can be given the place of the database's owner; Postgres answers that with an internal error.
  const rows = await db.query<{ name: string }>(
    `select rolname as name from pg_roles where (oid < 16384 or rolname = any($1)) and rolname not in ($2, 'pg_database_owner') order by 1`,
    [ROLES, role],
  )
  return rows.flatMap(({ name: to }) => [
    { cell: `become ${to}`, statement: `set role ${to}`, to },
    { cell: `let others become ${to}`, statement: `grant ${to} to pg_monitor`, to: `admin of ${to}` },
  ])
}
