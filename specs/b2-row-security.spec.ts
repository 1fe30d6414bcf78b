import { test as base, describe, expect } from '../harness/index.ts'
import { tablesWithoutForcedRowSecurity, useWholeApplication } from './vocabulary/opt-in.ts'
import { policiesIn, REVIEWED_POLICIES } from './vocabulary/policies.ts'
import { actAs, identifiedApp, publish, rowsOf, twoMembers, visibleRows } from './vocabulary/row-security.ts'
import { insertUserGroup } from './vocabulary/user-groups.ts'

const test = base.extend('template', 'rls')

const unknownUser = '00000000-0000-4000-8000-000000000000'

describe('B2.1 Row security', () => {
  test('B2.1.1 with the opt-in every table in auth has row security enabled and forced', async ({ db }) => {
    const unguarded = await tablesWithoutForcedRowSecurity(db)

    expect(unguarded).toEqual([])
  })

  test('B2.1.1 with the opt-in the application registers, signs in, accepts and signs out', async ({
    db,
  }) => {
    const day = useWholeApplication(db)

    await expect(day).resolves.toEqual({
      registered: 'accepted',
      isIdentified: true,
      sessions: 1,
      accepted: 1,
      ended: true,
    })
  })

  test('B2.1.1 with the opt-in analytics still counts all users', async ({ db }) => {
    await insertUserGroup(db, { count: 20 })

    const reader = await db.as('analytics_reader')

    expect(await reader.value('select sum(people)::int from analytics.registrations_by_month')).toBe(20)
  })

  test('B2.1.2 the policies are those that were reviewed, word by word', async ({ db }) => {
    expect(await policiesIn(db)).toEqual(REVIEWED_POLICIES)
  })

  test('B2.1.2 a user reads own rows only', async ({ db }) => {
    const { ada } = await twoMembers(db)

    const app = await identifiedApp(db, ada)

    expect(await visibleRows(app)).toEqual(rowsOf(ada))
  })

  test('B2.1.2 a query for another user’s rows returns none and raises no error', async ({ db }) => {
    const { ada, grace } = await twoMembers(db)

    const read = actAs(db, ada, 'select id from auth.users where id = $1 or email = $2', [
      grace.id,
      grace.email,
    ])

    await expect(read).resolves.toEqual([])
  })

  test('B2.1.2 a change without a condition changes own rows only', async ({ db }) => {
    const { ada, grace } = await twoMembers(db)

    await actAs(db, ada, `update auth.users set email = 'lovelace@example.org'`)

    expect(await db.query('select id from auth.users where email = $1', [grace.email])).toEqual([
      { id: grace.id },
    ])
    expect(await db.value('select email from auth.users where id = $1', [ada.id])).toBe(
      'lovelace@example.org',
    )
  })

  test('B2.1.2 ending every session ends own sessions only', async ({ db }) => {
    const { ada, grace } = await twoMembers(db)
    await db.query(
      `insert into auth.sessions (user_id, token_hash, started_at, expires_at)
       values ($1, sha256('expired'), now() - interval '2 hours', now() - interval '1 hour')`,
      [grace.id],
    )

    await actAs(db, ada, 'update auth.sessions set ended_at = clock_timestamp()')

    const living = await db.query('select user_id from auth.sessions where ended_at is null')
    expect(living).toEqual([{ user_id: grace.id }, { user_id: grace.id }])
  })

  test.for([
    ['changing', `update auth.users set email = 'mine@example.org' where id = $1`],
    ['deleting', 'delete from auth.users where id = $1'],
    ['signing out', 'update auth.sessions set ended_at = clock_timestamp() where user_id = $1'],
  ])('B2.1.2 %s another user by id changes nothing and raises no error', async ([, text = ''], { db }) => {
    const { ada, grace } = await twoMembers(db)

    const attempt = actAs(db, ada, text, [grace.id])

    await expect(attempt).toBeAccepted()
    expect(await visibleRows(await identifiedApp(db, grace))).toEqual(rowsOf(grace))
    expect(await db.value('select email from auth.users where id = $1', [grace.id])).toBe(grace.email)
  })

  test('B2.1.2 a deletion without a condition deletes own rows only', async ({ db }) => {
    const { ada, grace } = await twoMembers(db)

    await actAs(db, ada, 'delete from auth.users')

    expect(await visibleRows(db)).toEqual(rowsOf(grace))
  })

  test('B2.1.2 a user accepts a document for themselves', async ({ db }) => {
    const { ada } = await twoMembers(db)
    const document = await publish(db, 'privacy')

    const accepted = actAs(
      db,
      ada,
      'insert into auth.legal_acceptance (user_id, document_id) values ($1, $2)',
      [ada.id, document],
    )

    await expect(accepted).toBeAccepted()
  })

  test('B2.1.2 a user cannot accept a document for another', async ({ db }) => {
    const { ada, grace } = await twoMembers(db)
    const document = await publish(db, 'privacy')

    const attempt = actAs(
      db,
      ada,
      'insert into auth.legal_acceptance (user_id, document_id) values ($1, $2)',
      [grace.id, document],
    )

    await expect(attempt).toBeDenied()
    expect(
      await db.value('select count(*)::int from auth.legal_acceptance where document_id = $1', [document]),
    ).toBe(0)
  })

  test('B2.1.2 the error for writing a row of another user is the same when that user does not exist', async ({
    db,
  }) => {
    const { ada } = await twoMembers(db)
    const document = await publish(db, 'privacy')

    const attempt = actAs(
      db,
      ada,
      'insert into auth.legal_acceptance (user_id, document_id) values ($1, $2)',
      [unknownUser, document],
    )

    await expect(attempt).toBeDenied()
  })

  test('B2.1.2 an own row cannot become another user’s, even for a role that may write its key', async ({
    db,
  }) => {
    const { ada } = await twoMembers(db)
    await db.query('grant update (id) on auth.users to hma_app')

    const attempt = actAs(db, ada, 'update auth.users set id = gen_random_uuid()')

    await expect(attempt).toBeDenied()
  })
})
