// The broker and its client over a real socket, with a stack that only records what is dropped.
import { mkdtempSync, rmSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { CliError } from '../../config/cli-error.ts'
import { type BrokerOptions, openBroker } from './broker.ts'
import { connectToBroker } from './client.ts'
import type { Stack } from './stack.ts'

function fakeStack(): Stack & { dropped: string[] } {
  const dropped: string[] = []
  let count = 0
  const server = { container: { id: 'c0ffee' }, host: 'here', port: 1, user: 'u', password: 'p' }
  const databases = {
    take: async () => `lease_${++count}`,
    drop: async (name: string) => void dropped.push(name),
  }
  const webService = async (service: string) => {
    throw new CliError({ what: `no ${service}`, where: 'the definition', next: 'look', exitCode: 3 })
  }
  return { dropped, postgres: async () => server, databases, webService } as unknown as Stack & {
    dropped: string[]
  }
}

async function open(options: Partial<BrokerOptions> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'broker-'))
  const stack = fakeStack()
  const report = { addLeaseWait: () => {} } as unknown as BrokerOptions['report']
  const broker = await openBroker({ folder, stack, report, roles: { app: 's' }, maxKept: 0, ...options })
  onTestFinished(async () => {
    await broker[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true })
  })
  return { broker, dropped: stack.dropped }
}

const lease = (path: string) => connectToBroker(path).request('lease database', { kind: 'default' })

test('a released database is dropped', async () => {
  const { broker, dropped } = await open()
  const client = connectToBroker(broker.path)
  const { id, name } = await client.request('lease database', { kind: 'default' })

  const { kept } = await client.request('release', { id, keep: false })

  expect([kept, dropped]).toEqual([false, [name]])
})

test('the leases of a worker that dies are released', async () => {
  const { broker, dropped } = await open()
  const socket = createConnection(broker.path)
  socket.write(`${JSON.stringify({ id: 1, request: 'lease database', body: { kind: 'default' } })}\n`)
  await new Promise((resolve) => socket.once('data', resolve))

  socket.destroy()

  await vi.waitFor(() => expect(dropped).toEqual(['lease_1']))
})

test('a lease that a worker waits for when it dies is released too', async () => {
  const { broker, dropped } = await open()
  const socket = createConnection(broker.path)

  socket.end(`${JSON.stringify({ id: 1, request: 'lease database', body: { kind: 'default' } })}\n`)

  await vi.waitFor(() => expect(dropped).toEqual(['lease_1']))
})

test('no database is kept where the stack ends with the run', async () => {
  const { broker, dropped } = await open({ maxKept: 0 })
  const client = connectToBroker(broker.path)
  const { id, name } = await client.request('lease database', { kind: 'default' })

  const { kept } = await client.request('release', { id, keep: true })

  expect([kept, dropped]).toEqual([false, [name]])
})

test('only the newest databases are kept', async () => {
  const { broker, dropped } = await open({ maxKept: 2 })
  const client = connectToBroker(broker.path)
  const keepOne = async () => {
    const { id } = await client.request('lease database', { kind: 'default' })
    return (await client.request('release', { id, keep: true })).kept
  }

  const kept = [await keepOne(), await keepOne(), await keepOne()]

  expect([kept, dropped]).toEqual([[true, true, true], ['lease_1']])
})

test('an error crosses the socket with its next act, and is reported to the run', async () => {
  const onError = vi.fn()
  const { broker } = await open({ onError })

  const attempt = connectToBroker(broker.path).request('find web service', { service: 'nowhere' })

  await expect(attempt).rejects.toMatchObject({ what: 'no nowhere', where: 'the definition', next: 'look' })
  expect(onError).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ exitCode: 3 }))
})

test('only the first connection is reported', async () => {
  const onFirstConnection = vi.fn()
  const { broker } = await open({ onFirstConnection })
  expect(onFirstConnection).not.toHaveBeenCalled()

  await Promise.all([lease(broker.path), lease(broker.path)])

  expect(onFirstConnection).toHaveBeenCalledOnce()
})

test('a request to a broker that is gone is rejected at once', async () => {
  const client = connectToBroker(join(tmpdir(), 'no-such-broker'))

  await expect(client.request('lease cache', {})).rejects.toThrow('The broker of this run is gone.')
  await expect(client.request('lease cache', {})).rejects.toThrow('The broker of this run is gone.')
})
