import { describe, expect, test } from '../harness/index.ts'
import { ddlRecords } from './vocabulary/audit-log.ts'
import { leafName } from './vocabulary/audit-partitions.ts'
import { migratorWithRole } from './vocabulary/logins.ts'
import { insertUser } from './vocabulary/users.ts'

describe('B1.2 DDL that removes protection is recorded', () => {
  test.for([
    ['alter table audit.audit_log disable trigger audit_rows_are_final', 'audit.audit_log', 'ALTER TABLE'],
    [
      'drop trigger audit_rows_are_final on audit.audit_log',
      'audit_rows_are_final on audit.audit_log',
      'DROP TRIGGER',
    ],
    ['alter table auth.users disable trigger deletes_are_audited', 'auth.users', 'ALTER TABLE'],
    [
      'drop trigger deletes_are_audited on auth.sessions',
      'deletes_are_audited on auth.sessions',
      'DROP TRIGGER',
    ],
    ['alter function audit.verify rename to verified', 'audit.verified(pg_catalog.bytea)', 'ALTER FUNCTION'],
    ['drop function audit.verify', 'audit.verify(pg_catalog.bytea)', 'DROP FUNCTION'],
    ['alter function ops.refuse_change() set search_path to auth', 'ops.refuse_change()', 'ALTER FUNCTION'],
    ['alter sequence audit.audit_log_id restart', 'audit.audit_log_id', 'ALTER SEQUENCE'],
  ] as const)('B1.2.5 DDL of the owner is recorded: %s', async ([statement, object, command], { db }) => {
    const owner = await migratorWithRole(db, 'hma_owner')

    await owner.query(statement)

    expect(await ddlRecords(db)).toContainEqual({ login: 'hma_migrator', command, object, statement: null })
  })

  test.for([
    ['drop table audit.%I', 'DROP TABLE'],
    ['alter table audit.%I disable trigger all', 'ALTER TABLE'],
  ] as const)('B1.2.5 DDL on a leaf is recorded: %s', async ([statement, command], { db }) => {
    const owner = await migratorWithRole(db, 'hma_owner')
    const leaf = await leafName(db, 1)
    const record = { login: 'hma_migrator', command, object: `audit.${leaf}`, statement: null }

    await owner.query(statement.replace('%I', leaf))

    expect(await ddlRecords(db)).toContainEqual(record)
  })

  test.for([
    ['grant select on ops.secret to hma_app', 'GRANT'],
    ['revoke insert on audit.audit_log from hma_audit_writer', 'REVOKE'],
    ['alter default privileges grant select on tables to hma_app', 'ALTER DEFAULT PRIVILEGES'],
  ] as const)('B1.2.5 a change of privileges is recorded: %s', async ([statement, command], { db }) => {
    const owner = await migratorWithRole(db, 'hma_owner')

    await owner.query(statement)

    expect(await ddlRecords(db)).toContainEqual({ login: 'hma_migrator', command, object: null, statement })
  })

  test.for([
    'create or replace function auth.keep_registration() returns trigger language plpgsql as $$ begin return new; end $$',
    `create or replace function audit.write(action text, entity text, entity_id uuid default null, details jsonb default '{}')
       returns void language sql set search_path = '' as ''`,
    'alter function auth.register security invoker',
  ])(
    'B1.2.5 a function that is replaced is recorded, also where it is one of the audit: %s',
    async (statement, { db }) => {
      const owner = await migratorWithRole(db, 'hma_owner')
      await owner.query('grant create on schema audit, auth to hma_audit_writer, hma_auth_definer')
      await owner.query(`set role ${ownerOf(statement)}`)
      const before = await ddlRecords(db)

      await owner.query(statement)

      expect(await ddlRecords(db)).toHaveLength(before.length + 1)
    },
  )

  test.for([
    'insert into guard.ddl_log (command, object_type) values (1, 1)',
    'update guard.ddl_log set login = 1',
    'delete from guard.ddl_log',
    'truncate guard.ddl_log',
    'drop table guard.ddl_log',
    'alter table guard.ddl_log disable trigger all',
    'drop event trigger audit_ddl_is_recorded',
    'alter function guard.record_ddl() rename to nothing',
    'set role hma_ddl_writer',
    'set event_triggers = off',
  ])('B1.2.5 the owner cannot change the record: %s', async (statement, { db }) => {
    const owner = await migratorWithRole(db, 'hma_owner')

    await expect(owner.query(statement)).toBeDenied()
  })

  test.for([
    'create rule discard as on insert to audit.audit_log do instead nothing',
    'create rule keep as on delete to audit.audit_log do instead nothing',
  ])('B1.2.5 a rule, which can swallow rows, is refused: %s', async (statement, { db }) => {
    const owner = await migratorWithRole(db, 'hma_owner')

    await expect(owner.query(statement)).toBreakRule('rules_swallow_no_rows')
  })
})

describe('B1.2 A row of the log that is lost', () => {
  test('B1.2.5 a change whose record a trigger swallows is refused', async ({ db }) => {
    await insertUser(db)
    await db.query(`create function public.swallow() returns trigger language plpgsql as 'begin return null; end';
      create trigger swallow before insert on audit.audit_log for each row execute function public.swallow()`)

    const change = db.query(`update auth.users set password_hash = 'changed'`)

    await expect(change).toBreakRule('audit_rows_are_written')
  })
})

/** The definer role that owns the function of a statement, or else the owner of the schema. */
function ownerOf(statement: string): string {
  if (statement.includes('audit.write')) return 'hma_audit_writer'
  return statement.includes('auth.register') ? 'hma_auth_definer' : 'hma_owner'
}
