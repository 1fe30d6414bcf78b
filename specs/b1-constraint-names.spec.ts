import { describe, expect, test } from '../harness/index.ts'
import { fillEachLeaf } from './vocabulary/audit-partitions.ts'
import { namesOfBrokenRules } from './vocabulary/broken-rules.ts'
import {
  functionsThatRaiseWithoutName,
  generatedNames,
  namesOfRules,
  namesUsedTwice,
  ruleNames,
} from './vocabulary/constraint-names.ts'
import { columnsThatMayBeNull } from './vocabulary/missing-values.ts'
import { fillDatabase } from './vocabulary/seeds.ts'

/**
 * Triggers that write a record or a value; the primary key of the log, which each leaf has under its own name; and what
 * register answers without an error.
 */
const NEVER_REFUSES =
  /_are_(?:audited|stamped)$|^(?:users_keep_their_registration|audit_rows_have_an_id|users_have_a_birth_date)$/

describe('B1.1 Names of constraints', () => {
  test('B1.1.9 the name of every constraint, unique index and trigger is a short sentence', async ({
    db,
  }) => {
    const names = await ruleNames(db)

    expect(names.filter((name) => !/^[a-z]+(?:_[a-z0-9]+){2,}$/.test(name))).toEqual([])
    expect(names).toEqual(
      expect.arrayContaining(['users_are_adults', 'users_own_their_email', 'acceptances_are_final']),
    )
  })

  test('B1.1.9 no constraint and no unique index has a generated name', async ({ db }) => {
    expect(await generatedNames(db)).toEqual([])
  })

  test('B1.1.9 the constraints of new leaves have no generated name', async ({ db }) => {
    await db.query('select audit.ensure_partitions(14)')

    expect(await generatedNames(db)).toEqual([])
  })

  test('B1.1.9 no two tables use the same name', async ({ db }) => {
    expect(await namesUsedTwice(db)).toEqual([])
  })

  test('B1.1.9 every function that raises names a constraint', async ({ db }) => {
    expect(await functionsThatRaiseWithoutName(db)).toEqual([])
  })

  test.for([
    ['users_have_a_password', `update auth.users set password_hash = ''`],
    ['users_have_an_email', `update auth.users set email = 'ada'`],
    [
      'users_own_their_email',
      `update auth.users set email = 'GRACE@hma.example' where email = 'ada@hma.example'`,
    ],
    [
      'documents_are_accepted_once',
      'insert into auth.legal_acceptance (user_id, document_id) select user_id, document_id from auth.legal_acceptance',
    ],
    [
      'acceptances_name_a_published_document',
      'insert into auth.legal_acceptance (user_id, document_id) select id, gen_random_uuid() from auth.users',
    ],
    [
      'acceptances_belong_to_a_user',
      'insert into auth.legal_acceptance (user_id, document_id) select gen_random_uuid(), id from reference.legal_documents',
    ],
    ['sessions_end_once', 'update auth.sessions set ended_at = null where ended_at is not null'],
    [
      'sessions_end_after_they_start',
      `update auth.sessions set ended_at = '2000-01-01' where ended_at is null`,
    ],
  ] as const)('B1.1.9 the application gets the name %s', async ([rule, statement], { db }) => {
    await fillDatabase(db)
    const app = await db.as('hma_app')

    await expect(app.query(statement)).toBreakRule(rule)
  })

  test('B1.1.9 a client gets the name of every rule that it breaks', async ({ db }) => {
    await fillDatabase(db)
    const names = (await namesOfRules(db)).filter((name) => !NEVER_REFUSES.test(name))

    expect(await namesOfBrokenRules(db)).toEqual(Object.fromEntries(names.map((name) => [name, name])))
  })

  test('B1.1.9 a missing value is refused in every column but these', async ({ db }) => {
    await fillDatabase(db)
    await fillEachLeaf(db)
    await db.query(`insert into ops.schema_drift values ('table', 'x', 'y', 'z')`)

    expect(await columnsThatMayBeNull(db)).toEqual([
      'audit.audit_log.actor_id',
      'audit.audit_log.entity_id',
      'audit.audit_log.request_id',
      'auth.sessions.ended_at',
      'guard.ddl_log.object',
      'guard.ddl_log.statement',
      'ml.model.description',
      'ops.schema_drift.live',
      'ops.schema_drift.remembered',
      'ops.schema_migration.prev_checksum',
    ])
  })

  test('B1.1.9 the name of a constraint on a leaf ends in its month', async ({ db }) => {
    await fillDatabase(db)
    const month = await db.value<string>(`select to_char(now() at time zone 'utc', 'YYYY_MM')`)

    const insert = db.query('insert into audit.audit_log select * from audit.audit_log')

    await expect(insert).toBreakRule(`audit_rows_have_an_id_${month}`)
  })

  test('B1.1.9 register answers with the name and nothing else', async ({ db }) => {
    const app = await db.as('hma_app')

    const answer = await app.value(`select auth.register('mia@example.org', 'x', current_date::text, null)`)

    expect(answer).toBe('users_are_adults')
  })
})
