// The broker and its client over a real socket, before a stack that only remembers what was asked of it.
import { mkdtempSync, rmSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { CliError } from '../../config/cli-error.ts'
import { type BrokerPlan, openBroker } from './broker.ts'
import { connectToBroker } from './client.ts'
import type { Stack } from './stack.ts'

function fakeStack(): Stack & { dropped: string[] } {
  const dropped: string[] = []
  let made = 0
  const server = { container: { id: 'c0ffee' }, host: 'here', port: 1, user: 'u', password: 'p' }
  const databases = {
    take: async () => `lease_${++made}`,
    drop: async (name: string) => void dropped.push(name),
  }
  const web = async (service: string) => {
    throw new CliError({ what: `no ${service}`, where: 'the recipe', next: 'look', exitCode: 3 })
  }
  return { dropped, postgres: async () => server, databases, web } as unknown as Stack & { dropped: string[] }
}

async function open(plan: Partial<BrokerPlan> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'broker-'))
  const stack = fakeStack()
  const journal = { waited: () => {} } as unknown as BrokerPlan['journal']
  const broker = await openBroker({ folder, stack, journal, roles: { app: 's' }, keepMost: 0, ...plan })
  onTestFinished(async () => {
    await broker[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true })
  })
  return { broker, dropped: stack.dropped }
}

const lease = (path: string) => connectToBroker(path).ask('lease database', { kind: 'default' })

test('a database that is given back is dropped', async () => {
  const { broker, dropped } = await open()
  const client = connectToBroker(broker.path)
  const { id, name } = await client.ask('lease database', { kind: 'default' })

  const { kept } = await client.ask('release', { id, keep: false })

  expect([kept, dropped]).toEqual([false, [name]])
})

test('what a lost worker held is given back', async () => {
  const { broker, dropped } = await open()
  const socket = createConnection(broker.path)
  socket.write(`${JSON.stringify({ call: 1, request: 'lease database', body: { kind: 'default' } })}\n`)
  await new Promise((resolve) => socket.once('data', resolve))

  socket.destroy()

  await vi.waitFor(() => expect(dropped).toEqual(['lease_1']))
})

test('what a worker is lost over while it waits is given back too', async () => {
  const { broker, dropped } = await open()
  const socket = createConnection(broker.path)

  socket.end(`${JSON.stringify({ call: 1, request: 'lease database', body: { kind: 'default' } })}\n`)

  await vi.waitFor(() => expect(dropped).toEqual(['lease_1']))
})

test('no database is kept where the stack ends with the run', async () => {
  const { broker, dropped } = await open({ keepMost: 0 })
  const client = connectToBroker(broker.path)
  const { id, name } = await client.ask('lease database', { kind: 'default' })

  const { kept } = await client.ask('release', { id, keep: true })

  expect([kept, dropped]).toEqual([false, [name]])
})

test('only the newest databases are kept for a look', async () => {
  const { broker, dropped } = await open({ keepMost: 2 })
  const client = connectToBroker(broker.path)
  const keepOne = async () => {
    const { id } = await client.ask('lease database', { kind: 'default' })
    return (await client.ask('release', { id, keep: true })).kept
  }

  const kept = [await keepOne(), await keepOne(), await keepOne()]

  expect([kept, dropped]).toEqual([[true, true, true], ['lease_1']])
})

test('a trouble crosses the socket with its next act, and is told to the run', async () => {
  const onTrouble = vi.fn()
  const { broker } = await open({ onTrouble })

  const attempt = connectToBroker(broker.path).ask('lease web', { service: 'nowhere' })

  await expect(attempt).rejects.toMatchObject({ what: 'no nowhere', where: 'the recipe', next: 'look' })
  expect(onTrouble).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ exitCode: 3 }))
})

test('the first request is the one that starts something', async () => {
  const onFirstRequest = vi.fn()
  const { broker } = await open({ onFirstRequest })
  expect(onFirstRequest).not.toHaveBeenCalled()

  await Promise.all([lease(broker.path), lease(broker.path)])

  expect(onFirstRequest).toHaveBeenCalledOnce()
})

test('a broker that is gone refuses at once', async () => {
  const client = connectToBroker(join(tmpdir(), 'no-such-broker'))

  await expect(client.ask('lease cache', {})).rejects.toThrow('The broker of this run is gone.')
  await expect(client.ask('lease cache', {})).rejects.toThrow('The broker of this run is gone.')
})
