// Hands out leases to workers over a socket, and takes them back when a worker is done or gone.
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3'
import { readLog } from '../services/container.ts'
import { KEY_SPACES } from '../services/redis.ts'
import { Trouble } from '../trouble.ts'
import type { Journal } from './journal.ts'
import {
  type Call,
  onLines,
  type Reply,
  type RequestName,
  type Requests,
  type SentTrouble,
} from './protocol.ts'
import type { StackRecipe } from './recipe.ts'
import type { Stack } from './stack.ts'

type Handlers = {
  [R in RequestName]: (body: Requests[R]['sends'], held: Held) => Promise<Requests[R]['gets']>
}

/** What one worker holds: how to give back each lease. */
type Held = Map<number, (keep: boolean) => Promise<void>>

export interface Broker extends AsyncDisposable {
  /** Path of the socket workers connect to. */
  path: string
}

/** Listens on a socket in a folder only this user may enter. Costs about a millisecond; boots nothing. */
export async function openBroker(
  stack: Stack,
  recipe: StackRecipe,
  journal: Journal,
  onFirstRequest: () => void = () => {},
): Promise<Broker> {
  const folder = await mkdtemp(join(tmpdir(), 'hma-'))
  const path = join(folder, 'broker')
  const handlers = handlersOf(stack, recipe, journal)
  let asked = false
  const server = createServer((socket) => {
    if (!asked) onFirstRequest()
    asked = true
    serve(socket, handlers)
  })
  await new Promise<void>((listening) => server.listen(path, listening))
  server.unref()
  return {
    path,
    async [Symbol.asyncDispose]() {
      server.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function serve(socket: Socket, handlers: Handlers): void {
  const held: Held = new Map()
  const answer = async ({ call, request, body }: Call) => {
    const reply = await (handlers[request] as (body: unknown, held: Held) => Promise<unknown>)(
      body,
      held,
    ).then(
      (result): Reply => ({ call, result: result ?? null }),
      (error): Reply => ({ call, trouble: sendable(error, request) }),
    )
    if (socket.writable) socket.write(`${JSON.stringify(reply)}\n`)
  }
  socket.setEncoding('utf8').unref()
  socket.on(
    'data',
    onLines((message) => void answer(message as Call)),
  )
  socket.on('error', () => {})
  socket.on('close', () => {
    for (const giveBack of held.values()) giveBack(false).catch(() => {})
  })
}

function handlersOf(stack: Stack, recipe: StackRecipe, journal: Journal): Handlers {
  let leases = 0
  const lend = (held: Held, giveBack: (keep: boolean) => Promise<void>) => {
    const id = ++leases
    held.set(id, giveBack)
    return id
  }
  const keySpaces = Array.from({ length: KEY_SPACES }, (_, index) => index)
  return {
    async 'lease database'({ kind }, held) {
      const { container, version: _, ...login } = await stack.postgres()
      const name = kind === null ? await createEmpty(stack, ++leases) : await stack.databasesOf(kind).take()
      const id = lend(held, async (keep) => {
        if (!keep) await stack.databases.drop(name)
      })
      const openWith = `docker exec -it ${container.id.slice(0, 12)} psql -U ${login.user} ${name}`
      return { id, name, ...login, roles: recipe.roles, openWith }
    },
    async 'lease cache'(_, held) {
      const { url } = await stack.redis()
      const space = keySpaces.shift()
      if (space === undefined) throw noKeySpace()
      return { id: lend(held, async () => void keySpaces.push(space)), url: `${url}/${space}` }
    },
    async 'lease bucket'(_, held) {
      const { endpoint, accessKey, secretKey } = await stack.objectStore()
      const id = lend(held, async () => {})
      const name = `lease-${id}`
      await createBucket({ endpoint, accessKey, secretKey, name })
      return { id, name, endpoint, accessKey, secretKey }
    },
    async 'lease web'({ service }, held) {
      const { url } = await stack.web(service)
      return { id: lend(held, async () => {}), url }
    },
    async release({ id, keep, waitedMs }, held) {
      if (waitedMs !== undefined) journal.waited(waitedMs)
      await held.get(id)?.(keep)
      held.delete(id)
      return null
    },
    async 'read log'() {
      return readLog((await stack.postgres()).container.id)
    },
  }
}

async function createEmpty(stack: Stack, number: number): Promise<string> {
  const name = `empty_${number}`
  await stack.databases.createEmpty(name)
  return name
}

async function createBucket(lease: Omit<Requests['lease bucket']['gets'], 'id'>): Promise<void> {
  const client = new S3Client({
    endpoint: lease.endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: lease.accessKey, secretAccessKey: lease.secretKey },
  })
  await client.send(new CreateBucketCommand({ Bucket: lease.name }))
  const VersioningConfiguration = { Status: 'Enabled' as const }
  await client.send(new PutBucketVersioningCommand({ Bucket: lease.name, VersioningConfiguration }))
  client.destroy()
}

function noKeySpace(): Trouble {
  return new Trouble({
    what: `All ${KEY_SPACES} key spaces are leased at once.`,
    where: 'the cache of this run',
    next: 'look for a test that leases without giving back.',
  })
}

function sendable(error: unknown, request: string): SentTrouble {
  if (error instanceof Trouble) return { what: error.what, where: error.where, next: error.next }
  const what = error instanceof Error ? error.message : String(error)
  return { what, where: `broker, ${request}`, next: 'scripts/engine.sh --check, then run again.' }
}
