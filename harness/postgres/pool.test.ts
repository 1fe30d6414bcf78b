import { expect, test } from 'vitest'
import { fillPool } from './pool.ts'

const named = () => {
  let made = 0
  return () => `lease_${++made}`
}

test('clones are made ahead, up to the number kept ready', async () => {
  const made: string[] = []
  const filled = Promise.withResolvers<void>()
  fillPool({
    ready: 3,
    nextName: named(),
    makers: [async (name) => void (made.push(name) === 3 && filled.resolve())],
  })

  await filled.promise

  expect(made).toEqual(['lease_1', 'lease_2', 'lease_3'])
})

test('nobody gets the same clone', async () => {
  const pool = fillPool({ ready: 2, nextName: named(), makers: [async () => {}, async () => {}] })

  const taken = await Promise.all(Array.from({ length: 20 }, () => pool.take()))

  expect(new Set(taken).size).toBe(20)
})

test('a clone that cannot be made fails the one who waits, and the next one is served', async () => {
  let calls = 0
  const pool = fillPool({
    ready: 0,
    nextName: named(),
    makers: [
      async () => {
        calls++
        if (calls === 1) throw new Error('no space left')
      },
    ],
  })

  await expect(pool.take()).rejects.toThrow('no space left')
  expect(await pool.take()).toBe('lease_2')
})

test('a drained pool makes nothing ahead, and hands over what nobody took', async () => {
  const made: string[] = []
  const pool = fillPool({ ready: 2, nextName: named(), makers: [async (name) => void made.push(name)] })
  const taken = await pool.take()

  const left = await pool.drain()

  expect([taken, ...left]).toEqual(made)
})

test('a drained pool still serves who asks', async () => {
  const pool = fillPool({ ready: 2, nextName: named(), makers: [async () => {}] })
  await pool.drain()

  expect(await pool.take()).toMatch(/^lease_/)
})
