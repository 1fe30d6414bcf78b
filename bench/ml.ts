// What the ML stub's framework, contract and log cost: against bare.ts, which sends the same bytes, or what it is told by
// the same question to the same database.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent, get } from 'node:http'
import { text } from 'node:stream/consumers'
import { openLane } from '../harness/databases/lane.ts'
import { print, printHeader, printRatio } from './figures.ts'
import { openBenchStack } from './stack.ts'

const CONNECTIONS = 8
const ROUNDS = 5
const REQUESTS_PER_ROUND = 2000
const MODELS = 20
const RIVALS = [
  { path: '/live', rival: 'bytes' },
  { path: '/health', rival: 'bytes' },
  { path: '/models', rival: 'bytes' },
  { path: '/models', rival: 'registry' },
] as const

/** Prints requests per second and latency of each path, ours and bare in turns, then the ratios and the memory. */
export async function benchMl(): Promise<void> {
  await using database = await registryOfModels()
  await using ours = await serve('ml-stub/main.ts', database.environment)
  printHeader(`The ML stub, ${CONNECTIONS} connections`)
  const ratios: (() => void)[] = []
  for (const { path, rival } of RIVALS) {
    const told = rival === 'bytes' ? { BODY: await ask(ours.port, path) } : database.environment
    await using bare = await serve('bench/bare.ts', told)
    const [mine, theirs] = await inTurns(path, ours.port, bare.port, rival)
    ratios.push(() => printRatio(`${path}: ours / bare, same ${rival}`, mine, theirs, 'aim: 0.6 or more'))
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
async function inTurns(path: string, ours: number, bare: number, rival: string): Promise<[number, number]> {
  const mine: Side = { name: `ours: ${path}`, port: ours, perSecond: [], latenciesMs: [] }
  const theirs: Side = { name: `bare, same ${rival}: ${path}`, port: bare, perSecond: [], latenciesMs: [] }
  for (let round = 0; round <= ROUNDS; round++) {
    for (const side of [mine, theirs]) {
      const { perSecond, latenciesMs } = await load(side.port, path, REQUESTS_PER_ROUND)
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

async function load(port: number, path: string, requests: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
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
  await Promise.all(Array.from({ length: CONNECTIONS }, work))
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
  process: ChildProcess
}

/** A server in a process of its own, which is gone when disposed. Its log is read and dropped, as a collector would. */
async function serve(entry: string, environment: Record<string, string>): Promise<Served> {
  const env = { PATH: process.env.PATH, NODE_ENV: 'production', ...environment }
  const child = spawn(process.execPath, [entry], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const [first] = (await once(child.stdout, 'data', { signal: AbortSignal.timeout(20_000) })) as [Buffer]
  child.stdout.resume()
  return {
    port: Number(/"port":(\d+)/.exec(String(first))?.[1]),
    process: child,
    async [Symbol.asyncDispose]() {
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
}

/** Memory must not grow with the requests served. */
async function printMemory(ours: Served): Promise<void> {
  const before = await residentMegabytes(ours)
  await load(ours.port, '/models', ROUNDS * REQUESTS_PER_ROUND)
  const after = await residentMegabytes(ours)
  const count = `${ROUNDS * REQUESTS_PER_ROUND} more requests`
  console.log(`memory: ${before.toFixed(0)} MB, after ${count} ${after.toFixed(0)} MB (aim: no growth)`)
}

async function residentMegabytes({ process: { pid } }: Served): Promise<number> {
  const ps = spawn('ps', ['-o', 'rss=', '-p', String(pid)])
  return Number(await text(ps.stdout)) / 1024
}

/** A leased database with some models in it, and what the service needs to reach it. */
async function registryOfModels() {
  const stack = await openBenchStack(1)
  const { lease, owner: session } = await openLane(stack.connect(), 'default').take()
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
