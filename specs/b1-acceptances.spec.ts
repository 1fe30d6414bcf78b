import { describe, expect, test } from '../harness/index.ts'
import { acceptDocument, columnsThatCanBeUpdated, publishDocument } from './vocabulary/documents.ts'
import { insertUser } from './vocabulary/users.ts'

const UNKNOWN_ID = '00000000-0000-4000-8000-00000000dead'

describe('B1.1 Legal acceptances', () => {
  test('B1.1.8 an acceptance of a document that does not exist is rejected', async ({ db }) => {
    const user = await insertUser(db)
    const app = await db.as('hma_app')

    const accept = acceptDocument(app, user, UNKNOWN_ID)

    await expect(accept).toBreakRule('acceptances_name_a_published_document')
  })

  test('B1.1.8 an acceptance by a user that does not exist is rejected', async ({ db }) => {
    const accept = acceptDocument(db, UNKNOWN_ID, await publishDocument(db))

    await expect(accept).toBreakRule('acceptances_belong_to_a_user')
  })

  test.for([
    ['user_id', 'document_id'],
    ['document_id', 'user_id'],
  ])('B1.1.8 an acceptance without %s is rejected', async ([, other], { db }) => {
    const insert = db.query(`insert into auth.legal_acceptance (${other}) values (gen_random_uuid())`)

    await expect(insert).toFailWith('23502')
  })

  test('B1.1.8 a version cannot be accepted before its publication', async ({ db }) => {
    const user = await insertUser(db)
    const document = await publishDocument(db, { publishedAt: `now() + interval '1 minute'` })
    const app = await db.as('hma_app')

    await expect(acceptDocument(app, user, document)).toBreakRule('acceptances_follow_publication')
  })

  test('B1.1.8 a version can be accepted from the moment of its publication', async ({ db }) => {
    await insertUser(db)
    await publishDocument(db, { publishedAt: `'2026-01-01 00:00Z'` })
    const acceptAt = (moment: string) =>
      db.query(`insert into auth.legal_acceptance (user_id, document_id, accepted_at)
        select u.id, d.id, '${moment}' from auth.users u, reference.legal_documents d`)

    await expect(acceptAt('2025-12-31 23:59:59.999999Z')).toBreakRule('acceptances_follow_publication')
    await expect(acceptAt('2026-01-01 00:00Z')).toBeAccepted()
  })

  test('B1.1.8 a user accepts a version once', async ({ db }) => {
    const [user, document] = [await insertUser(db), await publishDocument(db)]
    const app = await db.as('hma_app')
    await acceptDocument(app, user, document)

    await expect(acceptDocument(app, user, document)).toBreakRule('documents_are_accepted_once')
    expect(await db.count('auth.legal_acceptance')).toBe(1)
  })

  test('B1.1.8 each user can accept each version', async ({ db }) => {
    const [ada, eve] = [await insertUser(db), await insertUser(db, { email: 'eve@example.org' })]
    const [first, second] = [await publishDocument(db), await publishDocument(db, { version: '2' })]
    const app = await db.as('hma_app')
    await acceptDocument(app, ada, first)

    await expect(acceptDocument(app, ada, second)).toBeAccepted()
    await expect(acceptDocument(app, eve, first)).toBeAccepted()
  })

  test.for(['accepted_at = now()', 'document_id = document_id', `user_id = gen_random_uuid()`])(
    'B1.1.8 an acceptance cannot be updated: %s',
    async (change, { db }) => {
      await acceptDocument(db, await insertUser(db), await publishDocument(db))

      const update = db.query(`update auth.legal_acceptance set ${change}`)

      await expect(update).toBreakRule('acceptances_are_final')
    },
  )

  test('B1.1.8 the application has no privilege to update or delete an acceptance', async ({ db }) => {
    await acceptDocument(db, await insertUser(db), await publishDocument(db))
    const app = await db.as('hma_app')

    await expect(app.query('update auth.legal_acceptance set accepted_at = now()')).toBeDenied()
    await expect(app.query('delete from auth.legal_acceptance')).toBeDenied()
  })

  test('B1.1.8 the application has no privilege to set the date of an acceptance', async ({ db }) => {
    const [user, document] = [await insertUser(db), await publishDocument(db)]
    const app = await db.as('hma_app')

    const insert = app.query(
      `insert into auth.legal_acceptance (user_id, document_id, accepted_at) values ($1, $2, '2020-01-01')`,
      [user, document],
    )

    await expect(insert).toBeDenied()
  })

  test.for([
    [
      `update reference.legal_documents set content_sha256 = sha256('other')`,
      'published_documents_are_final',
    ],
    ['delete from reference.legal_documents', 'published_documents_are_final'],
    ['truncate reference.legal_documents cascade', 'published_documents_are_final_as_a_whole'],
  ] as const)('B1.1.8 an accepted document stays as it is: %s', async ([change, rule], { db }) => {
    await acceptDocument(db, await insertUser(db), await publishDocument(db))

    await expect(db.query(change)).toBreakRule(rule)
    await db.query('set session_replication_role = replica')
    await expect(db.query(change)).toBreakRule(rule)
    expect(await db.count('auth.legal_acceptance')).toBe(1)
  })

  test.for([
    ['reference.legal_documents', 'origin'],
    ['reference.legal_documents', 'replica'],
    ['auth.legal_acceptance', 'origin'],
    ['auth.legal_acceptance', 'replica'],
  ] as const)(
    'B1.1.8 no column of %s can be updated, not even to what it is, in mode %s',
    async ([table, mode], { db }) => {
      await acceptDocument(db, await insertUser(db), await publishDocument(db))
      await db.query(`set session_replication_role = ${mode}`)

      const updated = await columnsThatCanBeUpdated(db, table)

      expect(updated).toEqual([])
    },
  )

  test('B1.1.8 a version is published once', async ({ db }) => {
    await publishDocument(db)

    await expect(publishDocument(db)).toBreakRule('document_versions_are_published_once')
  })

  test('B1.1.8 the hash of a document has the length of a SHA-256', async ({ db }) => {
    const insert = db.query(
      `insert into reference.legal_documents (name, version, content_sha256) values ('terms', '9', 'short')`,
    )

    await expect(insert).toBreakRule('documents_are_hashed')
  })
})
