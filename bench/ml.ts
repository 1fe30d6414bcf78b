// What the ML stub's framework, contract and log cost: requests per second against bench/plain-server.ts, which sends the result
// of the same query with node:http alone. Both take turns, so that a busy machine slows both.
import { Agent, get } from 'node:http'
import { text } from 'node:stream/consumers'
import { execa } from 'execa'
import { openPrefetch, openStandaloneBroker } from '../harness/setup.ts'
import { stackDefinition } from '../specs/stack-definition.ts'
import { print, printHeader, printRatio, repeat } from './figures.ts'

const ROUNDS = 5
const REQUESTS = 5000
const CONNECTIONS = 8
const MODELS = 20

/** Prints requests per second of both servers, their ratio, and the memory of ours after each round. */
export async function benchMl(): Promise<void> {
  await using registry = await registryOfModels()
  await using ours = await serve('ml-stub/main.ts', registry.environment)
  await using plain = await serve('bench/plain-server.ts', registry.environment)
  printHeader(`The ML stub, /models of ${MODELS} models, ${CONNECTIONS} connections`)
  const [mine, theirs, memory]: [number[], number[], number[]] = [[], [], []]
  for (let round = 0; round <= ROUNDS; round++) {
    const perSecond = [await load(ours.port), await load(plain.port)] as const
    if (round === 0) continue // warms both
    mine.push(perSecond[0])
    theirs.push(perSecond[1])
    memory.push(await ours.residentMb())
  }
  const stub = print('ML stub', mine, '/s')
  const server = print('node:http and the same query', theirs, '/s')
  print(`memory after each ${REQUESTS} requests`, memory, 'MB')
  printRatio('ML stub / node:http', stub.p50, server.p50, 'reported; a stub has no aim')
}

/** Requests per second. Rejects for anything but 200. */
async function load(port: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  const began = performance.now()
  const client = () => repeat(REQUESTS / CONNECTIONS, () => request(port, agent))
  await Promise.all(Array.from({ length: CONNECTIONS }, client))
  agent.destroy()
  return (REQUESTS * 1000) / (performance.now() - began)
}

function request(port: number, agent: Agent): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const sent = get({ host: '127.0.0.1', port, path: '/models', timeout: 5000, agent }, (response) => {
    if (response.statusCode !== 200) reject(new Error(`/models answered ${response.statusCode}`))
    text(response).then(({ length }) => resolve(length), reject)
  })
  sent.on('timeout', () => sent.destroy(new Error('no answer in 5 s'))).on('error', reject)
  return promise
}

interface Server extends AsyncDisposable {
  port: number
  residentMb(): Promise<number>
}

/** A server in its own process, which announces its port in its first line. Its log is read and dropped. */
async function serve(entry: string, environment: Record<string, string>): Promise<Server> {
  const env = { NODE_ENV: 'production', ...environment }
  const child = execa(process.execPath, [entry], { env, buffer: false, stdin: 'ignore', stderr: 'inherit' })
  const announced = Promise.withResolvers<number>()
  child.stdout.on('data', (chunk: Buffer) => {
    const [, port] = /"port":(\d+)/.exec(String(chunk)) ?? []
    if (port !== undefined) announced.resolve(Number(port))
  })
  child.catch((error: Error) => announced.reject(error))
  return {
    port: await announced.promise,
    async residentMb() {
      const { stdout } = await execa('ps', ['-o', 'rss=', '-p', String(child.pid)])
      return Number(stdout) / 1024
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await child.catch(() => {})
    },
  }
}

/** A leased database with some models, and the variables of a server that reads it. */
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
