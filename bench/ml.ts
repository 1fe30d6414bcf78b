// What the ML stub's framework, contract and log cost: against bare.ts, which sends the same bytes, or what it is told by
// the same question to the same database.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent, get } from 'node:http'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { openPrefetch, openStandaloneBroker } from '../harness/setup.ts'
import { stackDefinition } from '../specs/stack-definition.ts'
import { print, printHeader, printRatio } from './figures.ts'
import type { Memory } from './memory.ts'

const CONNECTIONS = 8
const ROUNDS = 5
const REQUESTS_PER_ROUND = 10_000
const MODELS = 20
const REQUESTS_PER_MEMORY_ROUND = 10_000
/** Eight at a time fill both cores of the smallest machine; who asks the same at the same time shares the question, so more do better. */
const RIVALS = [
  { path: '/live', rival: 'bytes', connections: CONNECTIONS },
  { path: '/health', rival: 'bytes', connections: CONNECTIONS },
  { path: '/models', rival: 'bytes', connections: CONNECTIONS },
  { path: '/models', rival: 'bytes', connections: 64 },
  { path: '/models', rival: 'registry', connections: CONNECTIONS },
] as const
type Rivals = (typeof RIVALS)[number]

/** Prints requests per second and latency of each path, ours and bare in turns, then the ratios and the memory. */
export async function benchMl(): Promise<void> {
  await using database = await registryOfModels()
  await using ours = await serve('ml-stub/main.ts', database.environment)
  printHeader('The ML stub')
  const ratios: (() => void)[] = []
  for (const rivals of RIVALS) {
    const { path, rival, connections } = rivals
    const told = rival === 'bytes' ? { BODY: await ask(ours.port, path) } : database.environment
    await using bare = await serve('bench/bare.ts', told)
    const [mine, theirs] = await inTurns(rivals, ours.port, bare.port)
    const name = `${path}, ${connections} at a time: ours / bare, same ${rival}`
    ratios.push(() => printRatio(name, mine, theirs, 'aim: 0.6 or more'))
  }
  for (const printIt of ratios) printIt()
  await printMemory(ours)
}

interface Side {
  name: string
  port: number
  perSecond: number[]
  latenciesMs: number[]
}

/** Warms both, then measures them round by round, so that a noisy machine is noisy for both. Medians per second. */
async function inTurns(
  { path, rival, connections }: Rivals,
  ours: number,
  bare: number,
): Promise<[number, number]> {
  const what = `${path}, ${connections} at a time`
  const mine: Side = { name: `ours: ${what}`, port: ours, perSecond: [], latenciesMs: [] }
  const theirs: Side = { name: `bare, same ${rival}: ${what}`, port: bare, perSecond: [], latenciesMs: [] }
  for (let round = 0; round <= ROUNDS; round++) {
    for (const side of [mine, theirs]) {
      const { perSecond, latenciesMs } = await load(side.port, path, REQUESTS_PER_ROUND, connections)
      if (round === 0) continue
      side.perSecond.push(perSecond)
      side.latenciesMs.push(...latenciesMs)
    }
  }
  return [printSide(mine), printSide(theirs)]
}

function printSide({ name, perSecond, latenciesMs }: Side): number {
  const { p50 } = print(name, perSecond, '/s')
  const p99 = latenciesMs.toSorted((a, b) => a - b)[Math.floor(latenciesMs.length * 0.99)] ?? Number.NaN
  console.log(`${`${name}, p99 of one answer`.padEnd(58)}${p99.toFixed(1).padStart(9)} ms`)
  return p50
}

async function load(port: number, path: string, requests: number, connections: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const latenciesMs: number[] = []
  let left = requests
  const began = performance.now()
  const work = async () => {
    while (left-- > 0) {
      const asked = performance.now()
      await ask(port, path, agent)
      latenciesMs.push(performance.now() - asked)
    }
  }
  await Promise.all(Array.from({ length: connections }, work))
  agent.destroy()
  return { perSecond: (requests * 1000) / (performance.now() - began), latenciesMs }
}

/** Rejects for anything but 200, so that a failing service is never called fast. */
function ask(port: number, path: string, agent?: Agent): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const options = { host: '127.0.0.1', port, path, timeout: 5000, ...(agent ? { agent } : {}) }
  const request = get(options, (reply) => {
    if (reply.statusCode !== 200) reject(new Error(`${path} answered ${reply.statusCode}`))
    text(reply).then(resolve, reject)
  })
  request.on('timeout', () => request.destroy(new Error(`${path} gave no answer in 5 s`))).on('error', reject)
  return promise
}

interface Served extends AsyncDisposable {
  port: number
  /** In bytes, after a forced collection. */
  memory(): Promise<Memory>
}

/** A server in a process of its own, which is gone when disposed. Its log is read and dropped, as a collector would. */
async function serve(entry: string, environment: Record<string, string>): Promise<Served> {
  const env = { PATH: process.env.PATH, NODE_ENV: 'production', ...environment }
  const inside = ['--expose-gc', '--import', new URL('memory.ts', import.meta.url).href]
  const child = spawn(process.execPath, [...inside, entry], {
    env,
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  const stdout = child.stdout as Readable
  const [first] = (await once(stdout, 'data', { signal: AbortSignal.timeout(20_000) })) as [Buffer]
  stdout.resume()
  return {
    port: Number(/"port":(\d+)/.exec(String(first))?.[1]),
    async memory() {
      child.send('how much?')
      const [memory] = await once(child, 'message', { signal: AbortSignal.timeout(20_000) })
      return memory as Memory
    },
    async [Symbol.asyncDispose]() {
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
}

/** What is alive after a forced collection must not grow with the requests served; the resident set says what the system sees. */
async function printMemory(ours: Served): Promise<void> {
  printHeader(`Memory of ours after each of ${ROUNDS} times ${REQUESTS_PER_MEMORY_ROUND} requests of /models`)
  await load(ours.port, '/models', REQUESTS_PER_MEMORY_ROUND, CONNECTIONS)
  const rounds = [await ours.memory()]
  for (let round = 0; round < ROUNDS; round++) {
    await load(ours.port, '/models', REQUESTS_PER_MEMORY_ROUND, CONNECTIONS)
    rounds.push(await ours.memory())
  }
  printGrowth(
    'live heap',
    rounds.map(({ liveHeap }) => liveHeap),
  )
  printGrowth(
    'resident set',
    rounds.map(({ resident }) => resident),
  )
}

/** The first sample is from before the rounds; growth is between the first and the last. */
function printGrowth(name: string, bytes: number[]): void {
  print(
    name,
    bytes.map((each) => each / 1e6),
    'MB',
  )
  const [first = Number.NaN, last = Number.NaN] = [bytes.at(0), bytes.at(-1)]
  const aRequest = (last - first) / (ROUNDS * REQUESTS_PER_MEMORY_ROUND)
  console.log(
    `${`${name}: growth by a request`.padEnd(58)}${aRequest.toFixed(1).padStart(9)} bytes  (aim: none)`,
  )
}

/** A leased database with some models in it, and what the service needs to reach it. */
async function registryOfModels() {
  const stack = await openStandaloneBroker(stackDefinition, 1)
  const { lease, owner: session } = await openPrefetch(stack.connect(), 'default').take()
  await session.query(`insert into ml.model
    (name, version, stage, task, description, artefact_uri, artefact_sha256, artefact_size)
    select 'model-' || n, '1.0.0', 'production', 'text-moderation', 'Trained in May.', 's3://models/' || n,
           sha256(n::text::bytea), 4096 from generate_series(1, ${MODELS}) n`)
  return {
    environment: {
      HMA_ML_DATABASE_URL: `postgres://hma_ml@${lease.host}:${lease.port}/${lease.name}`,
      HMA_ML_PASSWORD: lease.roles.hma_ml ?? '',
      HMA_ML_PORT: '0',
    },
    async [Symbol.asyncDispose]() {
      await session.close()
      await stack[Symbol.asyncDispose]()
    },
  }
}
