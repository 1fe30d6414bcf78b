// Statements that only an owner or a superuser may run, beside the cells of the matrix.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Database, Session } from '../../harness/index.ts'
import { type Attempt, createAttemptFunction, runAttempts, runAttemptsOneByOne } from './attempts.ts'
import { matrix, SCHEMAS } from './matrix.ts'
import { type DbObject, innerCellsOf } from './objects.ts'

const RESTRICTED_OBJECTS = readFileSync(join(import.meta.dirname, 'restricted-objects.sql'), 'utf8')

/** Objects are called `trial`; every statement is rolled back. */
const SCHEMA_STATEMENTS = [
  ...SCHEMAS.map((schema) => `create table ${schema}.trial ()`),
  'create schema trial',
  'create temporary table trial ()',
  'select 1 as one into temporary trial',
  'create view auth.trial as select 1',
  `create function auth.trial() returns int language sql return 1`,
  `create type auth.trial as enum ('a')`,
  'create sequence auth.trial',
  'alter table auth.users add column trial int',
  'alter table auth.users drop constraint users_are_adults',
  'alter table auth.users disable trigger all',
  'alter table auth.users disable row level security',
  'alter table auth.users owner to current_user',
  'alter table auth.users rename to trial',
  'drop table audit.audit_log',
  'drop function auth.register(text, text, text, text)',
  `create or replace function ops.stamp_times() returns trigger language plpgsql as 'begin return new; end'`,
  'create policy trial on auth.users using (true)',
  'create index on auth.users (email)',
  'create rule trial as on insert to auth.users do instead nothing',
  `comment on table auth.users is 'x'`,
  'table ops.secret',
  'grant select (email) on auth.users to public',
  'drop owned by current_user',
  'drop owned by hma_owner',
  'reassign owned by current_user to hma_owner',
  'alter default privileges grant select on tables to public',
  'alter default privileges for role hma_owner grant select on tables to public',
  'create publication trial for all tables',
  `create subscription trial connection '' publication p with (connect = false)`,
  'create event trigger trial on ddl_command_start execute function guard.refuse_ddl()',
  'drop event trigger the_owner_changes_the_schema',
]

const SERVER_STATEMENTS = [
  'create role trial',
  'alter role current_user createrole',
  'alter role current_user createdb',
  'alter role current_user bypassrls',
  'alter role current_user superuser',
  `alter role hma_migrator password 'x'`,
  'alter role hma_ml set work_mem = 64',
  'alter role all set work_mem = 64',
  'drop role hma_ml',
  'set role hma_owner',
  'set session authorization hma_migrator',
  'grant hma_owner to current_user',
  `do 'begin end'`,
  `copy (select 1) to program 'true'`,
  `load 'plpgsql'`,
  'select lo_create(0)',
  'select pg_terminate_backend(pid) from pg_stat_activity where usename <> session_user and datname = current_database()',
  'select pg_cancel_backend(pid) from pg_stat_activity where usename <> session_user and datname = current_database()',
  'checkpoint',
  'set session_replication_role = replica',
]

/** A role with the privilege gets the SQLSTATE of the missing file. */
const FILE_STATEMENTS = [
  `copy (select 1) to '/nowhere/trial'`,
  `copy auth.legal_acceptance (user_id, document_id) from '/nowhere/trial'`,
]

const STATEMENTS_OUTSIDE_TRANSACTIONS: Attempt[] = [
  attempt('create database trial template nothing_there', '3D000'),
  attempt(`create tablespace trial location '/nowhere'`, '58P01'),
  attempt(`alter system set work_mem = 'nonsense'`, '22023'),
]

/** The statements that this session was not denied; the guard of the schema is in place. */
export async function attemptOwnerStatements(db: Database, session: Session): Promise<string[]> {
  await createAttemptFunction(db, session.role)
  const inside = await runAttempts(session, [
    ...[...SCHEMA_STATEMENTS, ...SERVER_STATEMENTS, ...(await superuserSettings(db))].map((text) =>
      attempt(text),
    ),
    ...FILE_STATEMENTS.map((text) => attempt(text, '58P01')),
  ])
  await session.query('set default_transaction_read_only = off')
  return [...inside, ...(await runAttemptsOneByOne(session, STATEMENTS_OUTSIDE_TRANSACTIONS))]
}

/** The objects of Postgres that are restricted from PUBLIC and that this session was not denied. */
export async function attemptSystemObjects(db: Database, session: Session): Promise<string[]> {
  const objects = await db.column<DbObject>(RESTRICTED_OBJECTS)
  await createAttemptFunction(db, session.role)
  return runAttempts(
    session,
    innerCellsOf(objects).filter(({ privilege }) => privilege === 'execute' || privilege === 'select'),
  )
}

/** The cells of the matrix for every login that were not denied; rolled back, because some concern the whole server. */
export async function attemptPublicStatements(session: Session): Promise<string[]> {
  const attempts = Object.entries(matrix['every login']).map(([cell, statement]) => ({ cell, statement }))
  await session.query('begin read write')
  const allowed = await runAttemptsOneByOne(session, attempts)
  await session.query('rollback')
  return allowed
}

/** Sets each parameter that only a superuser may set to the value it has. */
function superuserSettings(db: Database): Promise<string[]> {
  return db.column(
    `select format('select set_config(%L, %L, true)', name, setting) from pg_settings where context = 'superuser' order by name`,
  )
}

function attempt(statement: string, ...endsWith: string[]): Attempt {
  return { cell: statement, statement, endsWith }
}
