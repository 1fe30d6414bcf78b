import { test as base, describe, expect } from '../harness/index.ts'
import {
  hashOf,
  identifiedApp,
  noRows,
  publish,
  readEverything,
  relationsWithRows,
  rowsOf,
  twoMembers,
  visibleRows,
} from './vocabulary/row-security.ts'
import { fillEmptyTables } from './vocabulary/sample-rows.ts'
import { SESSION_DEPENDENCE, sessionDependence, settingsReadIn } from './vocabulary/session-dependence.ts'

const test = base.extend('template', 'rls')

/** Settings that a login can write. */
const SETTINGS = ['hma.session', 'hma.user_id', 'hma.actor', 'request.jwt.claim.sub', 'application_name']

describe('B2.1 Row security without identity', () => {
  test('B2.1.3 a connection that was never identified sees no rows', async ({ db }) => {
    await twoMembers(db)

    const app = await db.as('hma_app')

    await expect(visibleRows(app)).resolves.toEqual(noRows)
  })

  test('B2.1.3 a connection whose transaction has ended sees no rows', async ({ db }) => {
    const { ada } = await twoMembers(db)

    const app = await identifiedApp(db, ada)
    await app.query('commit')

    await expect(visibleRows(app)).resolves.toEqual(noRows)
    expect(await app.value(`select current_setting('backtrace_functions')`)).toBe('')
  })

  test.for([
    ['nothing', ''],
    ['a word', 'ada'],
    ['no hexadecimal', `${'g'.repeat(64)}_${'0'.repeat(32)}`],
    ['one digit too short', `${hashOf('ada').toString('hex').slice(1)}_${'0'.repeat(32)}`],
    ['one digit too long', `${hashOf('ada').toString('hex')}0_${'0'.repeat(32)}`],
    ['a user too long', `${hashOf('ada').toString('hex')}_${'0'.repeat(33)}`],
    ['parted at another place', `${hashOf('ada').toString('hex').slice(1)}_${'0'.repeat(33)}`],
    ['in capital letters', `${hashOf('ada').toString('hex')}_${'0'.repeat(32)}`.toUpperCase()],
    ['ended with a line break', `${hashOf('ada').toString('hex')}_${'0'.repeat(31)}\n`],
    ['a hash alone', hashOf('ada').toString('hex')],
    ['the hash of no token', `${hashOf('nobody').toString('hex')}_${'0'.repeat(32)}`],
  ])('B2.1.3 a setting that is %s shows no rows and raises no error', async ([, setting = ''], { db }) => {
    await twoMembers(db)
    await db.query(`alter role hma_app in database ${db.name} set backtrace_functions = '${setting}'`)
    const app = await db.as('hma_app')

    expect(await app.value(`select current_setting('backtrace_functions')`)).toBe(setting)
    await expect(visibleRows(app)).resolves.toEqual(noRows)
  })

  test.for(SETTINGS)(
    'B2.1.3 neither id nor address nor token of a user in %s is an identity',
    async (setting, { db }) => {
      const { grace } = await twoMembers(db)
      const app = await db.as('hma_app')
      const seenWith = async (value: string) => {
        await app.query('select set_config($1, $2, false)', [setting, value])
        return visibleRows(app)
      }

      expect(await seenWith(grace.id)).toEqual(noRows)
      expect(await seenWith(grace.email)).toEqual(noRows)
      expect(await seenWith(grace.session)).toEqual(noRows)
      expect(await seenWith(grace.token.toString('hex'))).toEqual(noRows)
    },
  )

  test('B2.1.3 the identity asks its session for one setting, which the application cannot write', async ({
    db,
  }) => {
    expect(await sessionDependence(db, 'auth')).toEqual(SESSION_DEPENDENCE.auth)
    expect(await settingsReadIn(db, 'auth')).toEqual(['backtrace_functions'])
  })

  test('B2.1.3 without identity nothing is changed or deleted, and no error is raised', async ({ db }) => {
    const { ada, grace } = await twoMembers(db)
    const app = await db.as('hma_app')

    const attempt = app.query(`update auth.sessions set ended_at = clock_timestamp();
      update auth.users set password_hash = 'taken over'; delete from auth.users`)

    await expect(attempt).toBeAccepted()
    expect(await db.value(`select count(*)::int from auth.users where password_hash = 'taken over'`)).toBe(0)
    expect(await visibleRows(db)).toEqual(rowsOf(ada, grace))
    expect(await db.value('select count(*)::int from auth.sessions where ended_at is null')).toBe(2)
  })

  test('B2.1.3 without identity nothing is accepted', async ({ db }) => {
    const { ada } = await twoMembers(db)
    const app = await db.as('hma_app')
    const document = await publish(db, 'privacy')

    const attempt = app.query('insert into auth.legal_acceptance (user_id, document_id) values ($1, $2)', [
      ada.id,
      document,
    ])

    await expect(attempt).toBeDenied()
  })

  test('B2.1.3 no table of auth that the application may read shows it a row without identity', async ({
    db,
  }) => {
    await fillEmptyTables(db)

    const shown = await readEverything(await db.as('hma_app'))
    const filled = relationsWithRows(await readEverything(db))

    expect(filled).toEqual(
      expect.arrayContaining([...shown.keys()].filter((name) => name.startsWith('auth.'))),
    )
    expect([...shown.keys()]).toContain('auth.users')
    expect(relationsWithRows(shown)).toEqual([])
  })
})
