import { describe, expect, test } from '../harness/index.ts'
import { acceptDocument, publishDocument } from './vocabulary/documents.ts'
import { insertUser } from './vocabulary/users.ts'

const NOTHING = '00000000-0000-4000-8000-00000000dead'

describe('B1.1 Legal acceptances', () => {
  test('B1.1.8 an acceptance names a document that is there', async ({ db }) => {
    const user = await insertUser(db)
    const app = await db.as('hma_app')

    await expect(acceptDocument(app, user, NOTHING)).toBreakRule('acceptances_name_a_published_document')
  })

  test('B1.1.8 an acceptance is that of a user who is there', async ({ db }) => {
    const document = await publishDocument(db)

    await expect(acceptDocument(db, NOTHING, document)).toBreakRule('acceptances_belong_to_a_user')
  })

  test.for([
    ['user_id', 'document_id'],
    ['document_id', 'user_id'],
  ])('B1.1.8 an acceptance without %s is refused', async ([, other], { db }) => {
    const attempt = db.query(`insert into auth.legal_acceptance (${other}) values (gen_random_uuid())`)

    await expect(attempt).toFailWith('23502')
  })

  test('B1.1.8 a version that is announced cannot be accepted yet', async ({ db }) => {
    const [user, document] = [
      await insertUser(db),
      await publishDocument(db, { publishedAt: `now() + interval '1 minute'` }),
    ]
    const app = await db.as('hma_app')

    await expect(acceptDocument(app, user, document)).toBreakRule('acceptances_follow_publication')
  })

  test('B1.1.8 a version is accepted from the moment of its publication', async ({ db }) => {
    const [user, document] = [
      await insertUser(db),
      await publishDocument(db, { publishedAt: `'2026-01-01 00:00Z'` }),
    ]
    const at = (moment: string) =>
      db.query('insert into auth.legal_acceptance (user_id, document_id, accepted_at) values ($1, $2, $3)', [
        user,
        document,
        moment,
      ])

    await expect(at('2025-12-31 23:59:59.999999Z')).toBreakRule('acceptances_follow_publication')
    await expect(at('2026-01-01 00:00Z')).toBeAccepted()
  })

  test('B1.1.8 a document version is accepted once', async ({ db }) => {
    const [user, document] = [await insertUser(db), await publishDocument(db)]
    const app = await db.as('hma_app')
    await acceptDocument(app, user, document)

    await expect(acceptDocument(app, user, document)).toBreakRule('documents_are_accepted_once')
    expect(await db.count('auth.legal_acceptance')).toBe(1)
  })

  test('B1.1.8 each version is accepted by itself, and by each user', async ({ db }) => {
    const [ada, eve] = [await insertUser(db), await insertUser(db, { email: 'eve@example.org' })]
    const [old, recent] = [await publishDocument(db), await publishDocument(db, { version: '2' })]
    const app = await db.as('hma_app')
    await acceptDocument(app, ada, old)

    await expect(acceptDocument(app, ada, recent)).toBeAccepted()
    await expect(acceptDocument(app, eve, old)).toBeAccepted()
  })

  test.for(['accepted_at = now()', 'document_id = document_id', `user_id = gen_random_uuid()`])(
    'B1.1.8 an acceptance cannot be changed: no %s',
    async (change, { db }) => {
      await acceptDocument(db, await insertUser(db), await publishDocument(db))

      await expect(db.query(`update auth.legal_acceptance set ${change}`)).toBreakRule(
        'acceptances_are_final',
      )
    },
  )

  test('B1.1.8 the application cannot even try to change or take back an acceptance', async ({ db }) => {
    await acceptDocument(db, await insertUser(db), await publishDocument(db))
    const app = await db.as('hma_app')

    await expect(app.query('update auth.legal_acceptance set accepted_at = now()')).toBeDenied()
    await expect(app.query('delete from auth.legal_acceptance')).toBeDenied()
  })

  test('B1.1.8 the application cannot choose when something was accepted', async ({ db }) => {
    const [user, document] = [await insertUser(db), await publishDocument(db)]
    const app = await db.as('hma_app')

    const attempt = app.query(
      `insert into auth.legal_acceptance (user_id, document_id, accepted_at) values ($1, $2, '2020-01-01')`,
      [user, document],
    )

    await expect(attempt).toBeDenied()
  })

  test.for([
    [
      `update reference.legal_documents set content_sha256 = sha256('other')`,
      'published_documents_are_final',
    ],
    ['delete from reference.legal_documents', 'published_documents_are_final'],
    ['truncate reference.legal_documents cascade', 'published_documents_are_final_as_a_whole'],
  ] as const)('B1.1.8 what was accepted stays published: no %s', async ([change, rule], { db }) => {
    await acceptDocument(db, await insertUser(db), await publishDocument(db))

    await expect(db.query(change)).toBreakRule(rule)
    expect(await db.count('auth.legal_acceptance')).toBe(1)
  })

  test('B1.1.8 a version is published once', async ({ db }) => {
    await publishDocument(db)

    await expect(publishDocument(db)).toBreakRule('document_versions_are_published_once')
  })

  test('B1.1.8 a published text has a hash, and no other length than one', async ({ db }) => {
    const attempt = db.query(
      `insert into reference.legal_documents (name, version, content_sha256) values ('terms', '9', 'short')`,
    )

    await expect(attempt).toBreakRule('documents_are_hashed')
  })
})
