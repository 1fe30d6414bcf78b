import { expect, test } from 'vitest'
import { openPool } from './pool.ts'

const names = () => {
  let count = 0
  return () => `lease_${++count}`
}

test('clones are created ahead, up to the size of the pool', async () => {
  const created: string[] = []
  const filled = Promise.withResolvers<void>()
  openPool({
    size: 3,
    nextName: names(),
    creators: [async (name) => void (created.push(name) === 3 && filled.resolve())],
  })

  await filled.promise

  expect(created).toEqual(['lease_1', 'lease_2', 'lease_3'])
})

test('no clone is handed out twice', async () => {
  const pool = openPool({ size: 2, nextName: names(), creators: [async () => {}, async () => {}] })

  const taken = await Promise.all(Array.from({ length: 20 }, () => pool.take()))

  expect(new Set(taken).size).toBe(20)
})

test('a clone that cannot be created rejects the caller that waits, and the next caller is served', async () => {
  let calls = 0
  const pool = openPool({
    size: 0,
    nextName: names(),
    creators: [
      async () => {
        calls++
        if (calls === 1) throw new Error('no space left')
      },
    ],
  })

  await expect(pool.take()).rejects.toThrow('no space left')
  expect(await pool.take()).toBe('lease_2')
})

test('a drained pool creates nothing ahead, and returns the unused clones', async () => {
  const created: string[] = []
  const pool = openPool({ size: 2, nextName: names(), creators: [async (name) => void created.push(name)] })
  const taken = await pool.take()

  const unused = await pool.drain()

  expect([taken, ...unused]).toEqual(created)
})

test('a drained pool still serves a caller', async () => {
  const pool = openPool({ size: 2, nextName: names(), creators: [async () => {}] })
  await pool.drain()

  expect(await pool.take()).toMatch(/^lease_/)
})
