// The verbs specs use for privileges: act as a role, try every cell, and ask what the matrix says about it.
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Database, Session } from '../../harness/index.ts'
import { type Attempt, attemptAll, openWorkbench } from './attempts.ts'
import { grantsListed, matrix, mayDo, ROLES } from './matrix.ts'
import { type Cell, type DbObject, innerCellsOf, objectsOf, outerCellsOf } from './objects.ts'

const GRANTS = readFileSync(join(import.meta.dirname, 'grants.sql'), 'utf8')

/**
 * A session of that role: its real login; for a role that nobody logs in as, or that row security does not bind, the
 * superuser's SET SESSION AUTHORIZATION; for PUBLIC a login made for this session alone, which may connect and no more.
 */
export async function actAs(db: Database, role: string): Promise<Session> {
  if (role === 'PUBLIC') return comeAsStranger(db)
  const { 'logs in': logsIn, 'reads everything': readsAll } = matrix.roles[role] ?? {}
  if (logsIn === 'yes' && readsAll !== 'yes') return db.as(role)
  const session = await db.connect()
  await session.query(`set session authorization ${role}`)
  return { ...session, role }
}

export interface Stranger extends AsyncDisposable {
  name: string
}

/** Makes a login of this server that was granted nothing; it is gone when disposed. */
export async function admitStranger(db: Database): Promise<Stranger> {
  const name = `stranger_${randomBytes(4).toString('hex')}`
  const password = randomBytes(12).toString('hex')
  await db.query(`create role ${name} login password '${password}'`)
  db.passwords[name] = password
  return {
    name,
    async [Symbol.asyncDispose]() {
      await db.query(`drop owned by ${name}; drop role ${name}`)
    },
  }
}

async function comeAsStranger(db: Database): Promise<Session> {
  const stranger = await admitStranger(db)
  await db.query(`grant connect on database ${db.name} to ${stranger.name}`)
  const session = await db.as(stranger.name)
  const leave = async () => {
    await session.close()
    await stranger[Symbol.asyncDispose]()
  }
  return { ...session, close: leave, [Symbol.asyncDispose]: leave }
}

/** Every cell that this role is not denied, by attempt. */
export async function privilegesOf(db: Database, role: string): Promise<string[]> {
  const objects = await objectsOf(db)
  return [...(await attemptOutsideOf(db, role)), ...(await attemptOn(db, role, objects))]
}

/** The cells that need no open schema: those of schemas, languages and the database, and becoming another role. */
export async function attemptOutsideOf(db: Database, role: string): Promise<string[]> {
  await using session = await actAs(db, role)
  await openWorkbench(db, session.role)
  await takeTheGuardOff(db)
  return await attemptAll(session, [...outerCellsOf(await objectsOf(db)), ...(await becomings(db, role))])
}

/** The cells that the matrix gives this role, in the same words. */
export async function reviewedPrivilegesOf(db: Database, role: string): Promise<string[]> {
  const objects = await objectsOf(db)
  const may = (cells: Cell[]) => cells.filter((cell) => mayDo(role, cell)).map(({ cell }) => cell)
  const becomes = (await becomings(db, role)).filter(({ to }) => matrix.roles[role]?.becomes.includes(to))
  return [...may(outerCellsOf(objects)), ...becomes.map(({ cell }) => cell), ...may(innerCellsOf(objects))]
}

/** What the catalog says was granted, and to whom; with or without effect. */
export async function grantsWrittenIn(db: Database): Promise<string[]> {
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

/** Tries the cells of some objects alone, with their schemas open to that role. */
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

async function attemptCells(db: Database, role: string, cells: Cell[]): Promise<string[]> {
  await using session = await actAs(db, role)
  await openWorkbench(db, session.role)
  await takeTheGuardOff(db)
  await openTheDoors(db, session.role)
  return await attemptAll(session, cells)
}

/** It refuses every change of the schema to everybody but its owner: off, a grant that should not be there shows. */
export async function takeTheGuardOff(db: Database): Promise<void> {
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
 * What stands around an object falls away, so that each must defend itself: every schema is open to the role, and a view
 * takes rows, so that writing to it is a matter of privilege alone.
 */
async function openTheDoors(db: Database, role: string): Promise<void> {
  await db.query(`
    create or replace function workbench.take() returns trigger language plpgsql as 'begin return null; end';
    do $$
    declare
        opened text;
    begin
        for opened in select quote_ident(nspname) from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema' loop
            execute format('grant usage on schema %s to ${role}', opened);
        end loop;
        for opened in select c.oid::regclass from pg_class c where c.relkind = 'v' and c.oid >= 16384
            and not exists (select from pg_trigger t where t.tgrelid = c.oid) loop
            execute format('create trigger take instead of insert or update or delete on %s for each row execute function workbench.take()', opened);
        end loop;
    end
    $$`)
}

/** Becoming another role, and making another one its member. */
async function becomings(db: Database, role: string): Promise<(Attempt & { to: string })[]> {
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
