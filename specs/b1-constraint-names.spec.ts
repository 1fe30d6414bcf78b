import { describe, expect, test } from '../harness/index.ts'
import {
  functionsThatRaiseWithoutName,
  generatedNames,
  namesUsedTwice,
  ruleNames,
} from './vocabulary/constraint-names.ts'
import { fillDatabase } from './vocabulary/seeds.ts'

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

  test.for([
    ['users_have_an_id', 'insert into auth.users select * from auth.users'],
    ['sessions_have_an_id', 'insert into auth.sessions select * from auth.sessions'],
    ['documents_have_an_id', 'insert into reference.legal_documents select * from reference.legal_documents'],
    [
      'audit_actions_are_known',
      `insert into audit.audit_log (action, entity, row_hash) values ('look', 'x', sha256(''))`,
    ],
    ['audit_rows_are_final', 'delete from audit.audit_log'],
  ] as const)('B1.1.9 a superuser gets the name %s', async ([rule, statement], { db }) => {
    await fillDatabase(db)

    await expect(db.query(statement)).toBreakRule(rule)
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
