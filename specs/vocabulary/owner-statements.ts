// Acts that are nobody's business but an owner's or a superuser's: what a login could try beside its cells of the matrix.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Database, Session } from '../../harness/index.ts'
import { type Attempt, createAttemptFunction, runAttempts, runAttemptsOneByOne } from './attempts.ts'
import { matrix, SCHEMAS } from './matrix.ts'
import { type DbObject, innerCellsOf } from './objects.ts'

const KEPT = readFileSync(join(import.meta.dirname, 'kept.sql'), 'utf8')

const ON_THE_SCHEMA: Attempt[] = [
  ...SCHEMAS.map((schema) => attempt(`makes a table in ${schema}`, `create table ${schema}.trial ()`)),
  attempt('makes a schema', 'create schema trial'),
  attempt('makes a temporary table', 'create temporary table trial ()'),
  attempt('keeps a query as a table', 'select 1 as one into temporary trial'),
  attempt('makes a view of a table', 'create view auth.trial as select 1'),
  attempt('makes a function', `create function auth.trial() returns int language sql return 1`),
  attempt('makes a type', `create type auth.trial as enum ('a')`),
  attempt('makes a sequence', 'create sequence auth.trial'),
  attempt('adds a column', 'alter table auth.users add column trial int'),
  attempt('drops a rule', 'alter table auth.users drop constraint users_are_adults'),
  attempt('switches a trigger off', 'alter table auth.users disable trigger all'),
  attempt('switches row security on or off', 'alter table auth.users disable row level security'),
  attempt('takes a table over', 'alter table auth.users owner to current_user'),
  attempt('renames a table', 'alter table auth.users rename to trial'),
  attempt('drops a table', 'drop table audit.audit_log'),
  attempt('drops a function', 'drop function auth.register(text, text, date, text)'),
  attempt(
    'replaces a function',
    `create or replace function ops.stamp_times() returns trigger language plpgsql as 'begin return new; end'`,
  ),
  attempt('adds a policy', 'create policy trial on auth.users using (true)'),
  attempt('adds an index', 'create index on auth.users (email)'),
  attempt('adds a rewriting rule', 'create rule trial as on insert to auth.users do instead nothing'),
  attempt('comments on a table', `comment on table auth.users is 'x'`),
  attempt('reads the key of the database', 'table ops.secret'),
  attempt('grants what it has', 'grant select (email) on auth.users to public'),
  attempt('gives up what it has', 'drop owned by current_user'),
  attempt('gives up what the owner has', 'drop owned by hma_owner'),
  attempt('hands its objects over', 'reassign owned by current_user to hma_owner'),
  attempt(
    'decides what its objects are born with',
    'alter default privileges grant select on tables to public',
  ),
  attempt(
    'decides what others are born with',
    'alter default privileges for role hma_owner grant select on tables to public',
  ),
  attempt('publishes changes', 'create publication trial for all tables'),
  attempt(
    'subscribes to changes',
    `create subscription trial connection '' publication p with (connect = false)`,
  ),
  attempt(
    'makes an event trigger',
    'create event trigger trial on ddl_command_start execute function ops.refuse_ddl()',
  ),
  attempt('drops the guard', 'drop event trigger the_owner_changes_the_schema'),
]

const ON_THE_SERVER: Attempt[] = [
  attempt('makes a role', 'create role trial'),
  attempt('makes itself a maker of roles', 'alter role current_user createrole'),
  attempt('makes itself a maker of databases', 'alter role current_user createdb'),
  attempt('lifts row security for itself', 'alter role current_user bypassrls'),
  attempt('makes itself a superuser', 'alter role current_user superuser'),
  attempt(`changes another role's password`, `alter role hma_migrator password 'x'`),
  attempt(`changes another role's defaults`, 'alter role hma_ml set work_mem = 64'),
  attempt('changes the defaults of all', 'alter role all set work_mem = 64'),
  attempt('drops a role', 'drop role hma_ml'),
  attempt('becomes the owner', 'set role hma_owner'),
  attempt('logs in as another', 'set session authorization hma_migrator'),
  attempt('makes itself a member', 'grant hma_owner to current_user'),
  attempt('runs a block of code', `do 'begin end'`),
  attempt('runs a program', `copy (select 1) to program 'true'`),
  attempt('writes a file', `copy (select 1) to '/nowhere/trial'`, '58P01'),
  attempt('reads a file', `copy auth.legal_acceptance (user_id, document_id) from '/nowhere/trial'`, '58P01'),
  attempt('loads a library', `load 'plpgsql'`),
  attempt('makes a large object', 'select lo_create(0)'),
  attempt(
    'ends the session of another',
    'select pg_terminate_backend(pid) from pg_stat_activity where usename <> session_user and datname = current_database()',
  ),
  attempt(
    'cancels the query of another',
    'select pg_cancel_backend(pid) from pg_stat_activity where usename <> session_user and datname = current_database()',
  ),
  attempt('forces a checkpoint', 'checkpoint'),
  attempt('switches triggers off for itself', 'set session_replication_role = replica'),
]

const OUTSIDE_OF_A_TRANSACTION: Attempt[] = [
  attempt('makes a database', 'create database trial template nothing_there', '3D000'),
  attempt('makes a tablespace', `create tablespace trial location '/nowhere'`, '58P01'),
  attempt('changes the settings of the server', `alter system set work_mem = 'nonsense'`, '22023'),
]

/** Acts that this session was not denied, as it stands: whatever guards the schema stays in place. */
export async function attemptOwnerStatements(db: Database, session: Session): Promise<string[]> {
  await createAttemptFunction(db, session.role)
  const inside = await runAttempts(session, [
    ...ON_THE_SCHEMA,
    ...ON_THE_SERVER,
    ...(await settingsOfTheServer(db)),
  ])
  await session.query('set default_transaction_read_only = off')
  return [...inside, ...(await runAttemptsOneByOne(session, OUTSIDE_OF_A_TRANSACTION))]
}

/** What Postgres keeps from PUBLIC and this session was not denied. */
export async function attemptSystemObjects(db: Database, session: Session): Promise<string[]> {
  const rows = await db.query<{ object: DbObject }>(KEPT)
  const cells = innerCellsOf(rows.map(({ object }) => object))
  await createAttemptFunction(db, session.role)
  return runAttempts(
    session,
    cells.filter(({ privilege }) => privilege === 'execute' || privilege === 'select'),
  )
}

/** What the matrix says Postgres lets every login do; undone, because some of it concerns the whole server. */
export async function attemptPublicStatements(session: Session): Promise<string[]> {
  const acts = Object.entries(matrix['every login']).map(([cell, statement]) => attempt(cell, statement))
  await session.query('begin read write')
  const allowed = await runAttemptsOneByOne(session, acts)
  await session.query('rollback')
  return allowed
}

/** Setting, to what it is now, each parameter that only a superuser may set. */
async function settingsOfTheServer(db: Database): Promise<Attempt[]> {
  const rows = await db.query<{ name: string; value: string }>(
    `select name, quote_literal(setting) as value from pg_settings where context = 'superuser' order by 1`,
  )
  return rows.map(({ name, value }) =>
    attempt(`sets ${name}`, `select set_config('${name}', ${value}, true)`),
  )
}

function attempt(cell: string, statement: string, ...endsWith: string[]): Attempt {
  return { cell, statement, endsWith }
}
