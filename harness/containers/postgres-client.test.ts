import type pg from 'pg'
import { expect, test } from 'vitest'
import { ignorePostgresVariables, inSequence } from './postgres-client.ts'

test('the variables of libpq are forgotten, and no others', () => {
  const variables = {
    PGSSLMODE: 'require',
    PGOPTIONS: '-c default_transaction_read_only=on',
    PATH: '/bin',
    PG: '1',
  }

  ignorePostgresVariables(variables)

  expect(variables).toEqual({ PATH: '/bin', PG: '1' })
})

test('a query starts when the one before has ended, also where that failed', async () => {
  const events: string[] = []
  const query = async (text: string) => {
    events.push(`${text} starts`)
    await Promise.resolve()
    events.push(`${text} ends`)
    if (text === 'first') throw new Error('refused')
    return { rows: [text] }
  }
  const client = inSequence({ query } as unknown as pg.Client)

  const [first, second] = await Promise.allSettled([client.query('first'), client.query('second')])

  expect([first.status, second]).toEqual(['rejected', { status: 'fulfilled', value: { rows: ['second'] } }])
  expect(events).toEqual(['first starts', 'first ends', 'second starts', 'second ends'])
})
