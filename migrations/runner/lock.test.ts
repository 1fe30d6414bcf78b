import type pg from 'pg'
import { expect, test } from 'vitest'
import { requireNoPooler } from './lock.ts'

/** A connection made with backend 7 whose statements run on another one. */
const connection = (pid: number | null) =>
  ({ processID: 7, query: async () => ({ rows: [{ pid }] }) }) as unknown as pg.Client

test('a connection whose statements run on its own backend is accepted', async () => {
  await expect(requireNoPooler(connection(7))).resolves.toBeUndefined()
})

test.for([8, null])('when backend %s runs its statements, the error names a pooler', async (pid) => {
  await expect(requireNoPooler(connection(pid))).rejects.toMatchObject({
    exitCode: 4,
    facts: { pooler: true },
  })
})
