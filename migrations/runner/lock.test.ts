import type pg from 'pg'
import { expect, test } from 'vitest'
import { takeLock } from './lock.ts'

/** A connection made with process 7, whose questions are answered by others: who takes the lock, and who holds it. */
function connection(taken: boolean | null, holder: number | null) {
  const asked: string[] = []
  const query = async (sql: string) => {
    asked.push(sql)
    return { rows: [sql.includes('as taken') ? { taken } : { pid: holder }] }
  }
  return { asked, client: { processID: 7, query } as unknown as pg.Client }
}

test('a lock held by the process the connection was made with is taken', async () => {
  await expect(takeLock(connection(true, 7).client, 0)).resolves.toBeUndefined()
})

test('when another process answers, no lock is taken and a pooler is named', async () => {
  const { client, asked } = connection(null, null)

  await expect(takeLock(client, 0)).rejects.toMatchObject({ exitCode: 4, facts: { pooler: true } })
  expect(asked).toEqual([expect.stringContaining('case when pg_backend_pid() = 7 then')])
})

test.for([8, null])('when the lock is then held by %s, a pooler is named', async (holder) => {
  const attempt = takeLock(connection(true, holder).client, 0)

  await expect(attempt).rejects.toMatchObject({ exitCode: 4, facts: { pooler: true } })
})
