import { describe, expect, type Session, test } from '../harness/index.ts'
import { SESSION_DEPENDENCE, sessionDependence } from './vocabulary/session-dependence.ts'

async function expectNoBackDoor(db: Session, ...schemas: (keyof typeof SESSION_DEPENDENCE)[]): Promise<void> {
  for (const schema of schemas)
    expect(await sessionDependence(db, schema)).toEqual(SESSION_DEPENDENCE[schema])
}

describe('Rules without a back door for some login, setting or address', () => {
  test('B1.1.5 what keeps the birth date right asks nothing of its session', async ({ db }) => {
    await expectNoBackDoor(db, 'auth')
  })

  test('B1.1.7 what keeps sessions right asks nothing of its session', async ({ db }) => {
    await expectNoBackDoor(db, 'auth')
  })

  test('B1.1.8 what keeps acceptances right asks nothing of its session', async ({ db }) => {
    await expectNoBackDoor(db, 'auth', 'reference')
  })

  test('B1.2.5 what refuses a change of the log asks nothing of its session', async ({ db }) => {
    await expectNoBackDoor(db, 'audit', 'ops')
  })

  test('B1.3.1 what sets the times asks nothing of its session', async ({ db }) => {
    await expectNoBackDoor(db, 'auth', 'ops')
  })

  test('B1.4.3 what keeps test users out of production asks nothing of its session', async ({ db }) => {
    await expectNoBackDoor(db, 'ops')
  })

  test('C1.0.4 what records an attempt asks nothing of its session', async ({ db }) => {
    await expectNoBackDoor(db, 'auth', 'audit')
  })

  test('F1.1.2 what keeps the registry right asks nothing of its session', async ({ db }) => {
    await expectNoBackDoor(db, 'ml', 'ops')
  })
})
