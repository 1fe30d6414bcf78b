import type pg from 'pg'
import { expect, test } from 'vitest'
import { takeLock } from './lock.ts'

/** A connection made with backend 7; `taken` is the result of taking the lock, `holder` the backend that holds it. */
function connection(taken: boolean | null, holder: number | null) {
  const statements: string[] = []
  const query = async (sql: string) => {
    statements.push(sql)
    return { rows: [sql.includes('as taken') ? { taken } : { pid: holder }] }
  }
  return { statements, client: { processID: 7, query } as unknown as pg.Client }
}

test('the lock is taken when the backend of the connection holds it', async () => {
  await expect(takeLock(connection(true, 7).client, 0)).resolves.toBeUndefined()
})

test('when another backend runs the statement, no lock is taken and the error names a pooler', async () => {
  const { client, statements } = connection(null, null)

  await expect(takeLock(client, 0)).rejects.toMatchObject({ exitCode: 4, facts: { pooler: true } })
  expect(statements).toEqual([expect.stringContaining('case when pg_backend_pid() = 7 then')])
})

test.for([8, null])('when backend %s then holds the lock, the error names a pooler', async (holder) => {
  const attempt = takeLock(connection(true, holder).client, 0)

  await expect(attempt).rejects.toMatchObject({ exitCode: 4, facts: { pooler: true } })
})
