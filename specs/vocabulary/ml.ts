// What specs use to talk to the ML stub, over HTTP as any client does.
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import fc from 'fast-check'
import { ROOT } from '../../config/root.ts'
import { type Database, expect, type Project } from '../../harness/index.ts'
import { replaceText } from './runs.ts'

/** A later answer counts as no answer. */
const CLIENT_TIMEOUT_MS = 3000

export interface Reply {
  path: string
  status: number | 'no answer'
  type: string
  body: Record<string, unknown>
  /** The headers Allow and Retry-After; empty and NaN where they are missing. */
  allow: string
  waitSeconds: number
}

export interface Ml {
  url: string
  /** Sends a request, by default GET. Never throws: within three seconds there is an answer or `no answer`. */
  ask(path: string, method?: string): Promise<Reply>
  askAll(paths: string[]): Promise<Reply[]>
  /** The output of the service so far; complete once it has ended. */
  log(): string
  /** Sends SIGTERM. */
  end(): void
  /** Exit code, once the service has ended. */
  ended(): Promise<number>
}

export interface ServeOptions {
  /** Address of the database, if not its own. */
  through?: { host: string; port: number }
  password?: string
}

/** Starts the service on this database, with the role it has in production. */
export async function serveMl(project: Project, db: Database, options: ServeOptions = {}): Promise<Ml> {
  const { hostname, port } = new URL(db.url)
  const { through = { host: hostname, port }, password = db.passwords.hma_ml ?? '' } = options
  const service = await project.serve('ml-stub/main.ts', {
    environment: {
      HMA_ML_DATABASE_URL: `postgres://hma_ml@${through.host}:${through.port}/${db.name}`,
      HMA_ML_PASSWORD: password,
      HMA_ML_PORT: '0',
    },
  })
  const ended = once(service.process, 'close').then(([code]) => code as number)
  const ask = (path: string, method = 'GET') => sendRequest(service.url, path, method)
  return {
    url: service.url,
    ask,
    askAll: (paths) => Promise.all(paths.map((path) => ask(path))),
    log: service.output,
    end: () => void service.process.kill('SIGTERM'),
    ended: () => ended,
  }
}

/** The same where the start itself is asked for: a service that ends instead is a claim that fails, and no broken set-up. */
export async function expectMl(project: Project, db: Database, options: ServeOptions): Promise<Ml> {
  const started = serveMl(project, db, options)
  expect(await started.then(() => 'it serves', String)).toBe('it serves')
  return await started
}

/** Changes the copy's service so that its server cannot be closed. */
export async function failOnClose(project: Project): Promise<void> {
  const hook = "app.addHook('onClose', async () => { throw new Error('not closed') })"
  await replaceText(project, 'ml-stub/server.ts', 'addHooks(app)\n', `addHooks(app)\n  ${hook}\n`)
}

/** An answer as Supertest has it. */
export function replyOf(
  path: string,
  { status, type, body }: { status: number; type: string; body: Reply['body'] },
): Reply {
  return { path, status, type, body, allow: '', waitSeconds: Number.NaN }
}

/** Of the service, as its package says. */
export const { version: VERSION } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  version: string
}

/** What a client reads from an answer of /health. */
export function stateIn(reply: { status: unknown; body: unknown } | undefined): {
  status: unknown
  body: unknown
} {
  return { status: reply?.status, body: reply?.body }
}

/** The latency of the database in milliseconds as /health reports it; NaN where it is missing. */
export function latencyIn({ body }: Reply): number {
  const { database } = (body.dependencies ?? {}) as { database?: { latencyMs?: number } }
  return database?.latencyMs ?? Number.NaN
}

async function sendRequest(url: string, path: string, method: string): Promise<Reply> {
  try {
    const { status, headers, ...reply } = await read(url + path, method)
    const [type = ''] = (headers.get('Content-Type') ?? '').split(';')
    const waitSeconds = Number(headers.get('Retry-After') ?? Number.NaN)
    return { path, status, type, allow: headers.get('Allow') ?? '', waitSeconds, ...reply }
  } catch (error) {
    const body = { error: String(error) }
    return { path, status: 'no answer', type: '', allow: '', waitSeconds: Number.NaN, body }
  }
}

async function read(url: string, method: string) {
  const reply = await fetch(url, { method, signal: AbortSignal.timeout(CLIENT_TIMEOUT_MS) })
  const { status, headers } = reply
  return { status, headers, body: (await reply.json()) as Reply['body'] }
}

/** A summary of the answer to each path: `200`, or `400 invalid-input query.limit` with each invalid part. */
export async function summariesOf(ml: Ml, paths: string[]): Promise<Record<string, string>> {
  const replies = await ml.askAll(paths)
  return Object.fromEntries(replies.map((reply) => [reply.path, summaryOf(reply)]))
}

function summaryOf({ status, type, body }: Reply): string {
  if (type !== 'application/problem+json') return String(status)
  const places = (body.errors ?? []) as { where: string }[]
  return [status, String(body.type).split(':').at(-1), ...places.map(({ where }) => where).sort()].join(' ')
}

/** `name version` of each model in the answer, in order; the whole reply if it is no list. */
export function keysOf(reply: Reply | undefined): unknown {
  const models = reply?.body.models
  if (!Array.isArray(models)) return reply
  return models.map(({ name, version }: { name: string; version: string }) => `${name} ${version}`)
}

/** `name version stage` of each model in an answer, in order. */
export function stagesOf({ models }: Record<string, unknown>): string[] {
  return (models as Record<string, string>[]).map(({ name, version, stage }) => `${name} ${version} ${stage}`)
}

/** Paths as a careless or hostile client sends them; the same ones in every run. */
export function oddPaths(count: number): string[] {
  const odd = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.constantFrom(
      '',
      '0',
      '-1',
      '1e3',
      'null',
      '\0',
      "' or '1'='1",
      '../..',
      '%',
      '{"a":1}',
      'a'.repeat(90),
    ),
  )
  const name = odd.map((text) => `/models/${encodeURIComponent(text)}`)
  const query = fc
    .dictionary(fc.constantFrom('limit', 'cursor', 'name', 'stage', 'task', 'other'), odd, { minKeys: 1 })
    .map((parts) => `/models?${new URLSearchParams(parts)}`)
  const raw = odd.map((text) => `/${encodeURI(text).replaceAll('#', '')}`)
  return fc.sample(fc.oneof(name, query, raw), { numRuns: count, seed: 1 })
}

interface OpenApi {
  openapi: string
  paths: Record<
    string,
    { get: { responses: Record<string, { content: Record<string, { schema: object }> }> } }
  >
}

export interface Contract {
  version: string
  /** The statuses that each path may answer. */
  answers: Record<string, string[]>
  /** How replies violate the contract; empty when they obey it. */
  violations(replies: Reply[]): string[]
}

/** Reads the contract the service publishes. */
export async function contractOf(ml: Ml): Promise<Contract> {
  return contractIn((await ml.ask('/openapi.json')).body)
}

/** The contract that this document is. */
export function contractIn(published: unknown): Contract {
  const document = published as OpenApi
  const ajv = addFormats.default(new Ajv2020.default({ strict: false, allErrors: true }))
  ajv.addSchema({ $id: 'contract', ...document })
  const paths = Object.entries(document.paths ?? {})
  return {
    version: document.openapi,
    answers: Object.fromEntries(paths.map(([path, { get }]) => [path, Object.keys(get.responses)])),
    violations: (replies) => replies.flatMap((reply) => violationsOf(reply, document, ajv)),
  }
}

type Ajv = InstanceType<typeof Ajv2020.default>

/** Checks a reply against its part of the document; an unknown path must be answered by a problem. */
function violationsOf({ path, status, type, body }: Reply, document: OpenApi, ajv: Ajv): string[] {
  const route = Object.keys(document.paths).find((known) => matches(known, path.split('?')[0] ?? ''))
  const pointer = route
    ? `/paths/${asPart(route)}/get/responses/${status}/content/${asPart(type)}/schema`
    : '/components/schemas/Problem'
  const validate = schemaAt(ajv, pointer)
  if (validate === undefined) return [`${path}: ${status} ${type} is not in the contract`]
  if (!route && type !== 'application/problem+json') return [`${path}: ${type} is no problem`]
  if (validate(body)) return []
  return (validate.errors ?? []).map(({ instancePath, message }) => `${path}: ${instancePath} ${message}`)
}

function schemaAt(ajv: Ajv, pointer: string): ValidateFunction | undefined {
  try {
    return ajv.getSchema(`contract#${pointer}`)
  } catch {
    return undefined
  }
}

function matches(known: string, path: string): boolean {
  return new RegExp(`^${known.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path)
}

function asPart(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))
}
