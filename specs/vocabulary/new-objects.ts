// Objects that did not exist when anything was granted, and who may do something with them.
import type { Database } from '../../harness/index.ts'
import { migratorWithRole } from './logins.ts'
import { matrix, mayDo, OWN_SCHEMAS, ROLES } from './matrix.ts'
import { type DbObject, innerCellsOf, objectsOf } from './objects.ts'
import { attemptOn, disableSchemaGuard, type Held, heldBy } from './privileges.ts'

/** Who creates, or could if it were let: as a login itself or by SET ROLE from the migrator. */
const CREATORS = [
  'hma_owner',
  'hma_migrator',
  'hma_auth_definer',
  'hma_audit_writer',
  'hma_analytics_definer',
]

/** Makes a table, a partitioned one with a partition, a view, a sequence, functions and types, as that role. */
export async function createObjects(db: Database, creator: string, schema: string): Promise<DbObject[]> {
  await disableSchemaGuard(db)
  await db.query(
    `grant usage, create on schema ${schema} to ${creator}; grant usage on language plpgsql to ${creator}`,
  )
  const session = await migratorWithRole(db, creator)
  const fresh = `${schema}.fresh_of_${creator}`
  await session.query(`
    create table ${fresh} (id bigint primary key generated always as identity, note text);
    create table ${fresh}_by_month (day date primary key) partition by range (day);
    create table ${fresh}_by_month_1 partition of ${fresh}_by_month default;
    create view ${fresh}_view as select 1 as one;
    create sequence ${fresh}_sequence;
    create function ${fresh}_function() returns int language plpgsql as 'begin return 1; end';
    create procedure ${fresh}_procedure() language sql begin atomic select 1; end;
    create aggregate ${fresh}_sum(int) (sfunc = int4pl, stype = int);
    create type ${fresh}_enum as enum ('one');
    create domain ${fresh}_domain as text;
    create type ${fresh}_pair as (one int, two int)`)
  return (await objectsOf(db)).filter(({ sql }) => sql.startsWith(fresh))
}

/** The same by each creator in turn. */
export async function createObjectsAsEachCreator(db: Database, schema: string): Promise<DbObject[]> {
  const made: DbObject[] = []
  for (const creator of CREATORS) made.push(...(await createObjects(db, creator, schema)))
  return made
}

/** The same by the owner in each schema in turn. */
export async function createObjectsInEachSchema(db: Database): Promise<DbObject[]> {
  const made: DbObject[] = []
  for (const schema of OWN_SCHEMAS) made.push(...(await createObjects(db, 'hma_owner', schema)))
  return made
}

/** Prepares this month and so many ahead, as the owner does; returns every leaf there is. */
export async function createLeavesAsOwner(db: Database, ahead: number): Promise<DbObject[]> {
  const owner = await migratorWithRole(db, 'hma_owner')
  await owner.query('select audit.ensure_partitions($1)', [ahead])
  return (await objectsOf(db)).filter(({ name }) => name === 'audit_log_<month>')
}

/** Adds a column called fresh to every table of that schema; returns the tables with that column alone. */
export async function addColumnToEachTable(db: Database, schema: string): Promise<DbObject[]> {
  const owner = await migratorWithRole(db, 'hma_owner')
  const tables = (await objectsOf(db)).filter((object) => object.kind === 'table' && object.schema === schema)
  await owner.query(tables.map(({ sql }) => `alter table ${sql} add column fresh text`).join('; '))
  return tables.map((table) => ({ ...table, columns: ['fresh'] }))
}

/** What each role but the owner is not denied on these objects, by attempt. */
export async function privilegesOfEachRole(db: Database, objects: DbObject[]): Promise<Held> {
  return heldBy(OTHERS, (role) => attemptOn(db, role, objects))
}

/** What the matrix gives each role but the owner on objects that it does not name. */
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
