// Objects that are created after the privileges were granted, and the privileges of each role on them.
import type { Database, Session } from '../../harness/index.ts'
import { migratorWithRole } from './logins.ts'
import { matrix, mayDo, OWN_SCHEMAS, ROLES } from './matrix.ts'
import { type DbObject, innerCellsOf, objectsOf } from './objects.ts'
import { attemptOn, disableSchemaGuard, type Held, heldBy } from './privileges.ts'

/** Roles that create objects, or could if they had the privilege: the migrator, and roles that it can take with SET ROLE. */
export function creatorsIn(db: Session): Promise<string[]> {
  return db.column(
    `select rolname::text from pg_roles where pg_has_role('hma_migrator', oid, 'set') and not rolsuper order by 1`,
  )
}

/** Creates a table, a partitioned table with a partition, a view, a sequence, functions and types, as that role. */
export async function createObjects(db: Database, creator: string, schema: string): Promise<DbObject[]> {
  await disableSchemaGuard(db)
  await db.query(
    `grant usage, create on schema ${schema} to ${creator}; grant usage on language plpgsql to ${creator}`,
  )
  const session = await migratorWithRole(db, creator)
  const prefix = `${schema}.new_of_${creator}`
  await session.query(`
    create table ${prefix} (id bigint primary key generated always as identity, note text);
    create table ${prefix}_by_month (day date primary key) partition by range (day);
    create table ${prefix}_by_month_1 partition of ${prefix}_by_month default;
    create view ${prefix}_view as select 1 as one;
    create sequence ${prefix}_sequence;
    create function ${prefix}_function() returns int language plpgsql as 'begin return 1; end';
    create procedure ${prefix}_procedure() language sql begin atomic select 1; end;
    create aggregate ${prefix}_sum(int) (sfunc = int4pl, stype = int);
    create type ${prefix}_enum as enum ('one');
    create domain ${prefix}_domain as text;
    create type ${prefix}_pair as (one int, two int)`)
  return (await objectsOf(db)).filter(({ sql }) => sql.startsWith(prefix))
}

/** The same as each creator. */
export async function createObjectsAsEachCreator(db: Database, schema: string): Promise<DbObject[]> {
  const created: DbObject[] = []
  for (const creator of await creatorsIn(db)) created.push(...(await createObjects(db, creator, schema)))
  return created
}

/** The same as the owner in each schema. */
export async function createObjectsInEachSchema(db: Database): Promise<DbObject[]> {
  const created: DbObject[] = []
  for (const schema of OWN_SCHEMAS) created.push(...(await createObjects(db, 'hma_owner', schema)))
  return created
}

/** Creates the leaves of this month and so many ahead, as the owner; returns every leaf. */
export async function createLeavesAsOwner(db: Database, ahead: number): Promise<DbObject[]> {
  const owner = await migratorWithRole(db, 'hma_owner')
  await owner.query('select audit.ensure_partitions($1)', [ahead])
  return (await objectsOf(db)).filter(({ name }) => name === 'audit_log_<month>')
}

/** Adds a column to every table of that schema, as the owner; returns the tables with only that column. */
export async function addColumnToEachTable(db: Database, schema: string): Promise<DbObject[]> {
  const owner = await migratorWithRole(db, 'hma_owner')
  const tables = (await objectsOf(db)).filter((object) => object.kind === 'table' && object.schema === schema)
  await owner.query(tables.map(({ sql }) => `alter table ${sql} add column added text`).join('; '))
  return tables.map((table) => ({ ...table, columns: ['added'] }))
}

/** Privileges of each role except the owner on these objects, by attempt. */
export async function privilegesOfEachRole(db: Database, objects: DbObject[]): Promise<Held> {
  return heldBy(OTHERS, (role) => attemptOn(db, role, objects))
}

/** Privileges that the matrix gives each role except the owner on objects that it does not name. */
export function reviewedPrivileges(objects: DbObject[]): Held {
  const unnamed = objects.map((object) => ({ ...object, name: 'not in the matrix' }))
  return Object.fromEntries(OTHERS.map((role) => [role, cellsOn(role, unnamed)]))
}

const OTHERS = ROLES.filter((role) => role !== 'hma_owner')

function cellsOn(role: string, objects: DbObject[]): string[] {
  return innerCellsOf(objects)
    .filter(
      (cell) => mayDo(role, cell) || matrix['created later'][role]?.split(', ').includes(cell.privilege),
    )
    .map(({ cell }) => cell)
}
