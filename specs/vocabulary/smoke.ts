// The verbs specs use for the smoke test, and a fake ML stub with wrong answers.
import { once } from 'node:events'
import { copyFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, type Outcome, type Project, type TcpProxy } from '../../harness/index.ts'
import { prepare } from './compose.ts'

export interface SmokeResult {
  exitCode: number
  /** ok or failed. */
  state: string
  service: string
  milliseconds: number
  next?: string
}

/** The longest limit that a spec gives it, and what a busy machine takes to start it. */
const ENDS_WITHIN_MS = 45_000

/** Smoke-tests what listens at that port as the ML stub. */
export async function smokeMl(
  project: Project,
  port: number | string,
  words: string[] = [],
): Promise<SmokeResult> {
  await copyFile(join(project.root, '.env.example'), join(project.root, '.env'))
  const environment = { HMA_PROJECT: project.composeName, HMA_ML_PORT: String(port) }
  const options = { environment, timeoutMs: ENDS_WITHIN_MS }
  return parseResult(await project.run('scripts/smoke.sh', ['--only', 'ml', '--json', ...words], options))
}

/** Smoke-tests a store of the running stack, through a proxy that leads to it. */
export async function smokeThroughProxy(
  project: Project,
  service: 'redis' | 'minio',
  { port }: TcpProxy,
  withinS: number,
): Promise<SmokeResult> {
  const variable = `HMA_${service.toUpperCase()}_PORT`
  const words = ['--only', service, '--json', '--within', String(withinS)]
  const environment = { ...(await prepare(project)), [variable]: String(port) }
  return parseResult(await project.run('scripts/smoke.sh', words, { environment }))
}

interface WholeResult {
  exitCode: number
  state: string
  /** Names of those that were asked, and of those that failed, sorted. */
  services: string[]
  failed: string[]
}

/** Smoke-tests the test variant without naming a service. */
export async function smokeAll(project: Project): Promise<WholeResult> {
  const environment = { HMA_PROJECT: project.composeName }
  const words = ['--variant', 'test', '--json', '--within', '20']
  const { exitCode, stdout } = await project.run('scripts/smoke.sh', words, { environment })
  const nothing = '{"state":"no answer","services":[]}'
  const { state, services } = JSON.parse(stdout || nothing) as { state: string; services: SmokeResult[] }
  const namesOf = (results: SmokeResult[]) => results.map(({ service }) => service).sort()
  const failed = services.filter((result) => result.state === 'failed')
  return { exitCode, state, services: namesOf(services), failed: namesOf(failed) }
}

function parseResult({ exitCode, stdout }: Outcome): SmokeResult {
  const { services } = JSON.parse(stdout || '{"services":[]}') as { services: SmokeResult[] }
  return { ...(services[0] as SmokeResult), exitCode }
}

export const PASSED = { exitCode: 0, state: 'ok', service: 'ml' }
export const FAILED = { exitCode: 1, state: 'failed', service: 'ml', next: expect.stringMatching(/\w{4}/) }

export interface Answer {
  status?: number
  type?: string
  body?: unknown
}

const JSON_TYPE = 'application/json; charset=utf-8'
const UP = { status: 'ok', version: '1', dependencies: { database: { status: 'up', latencyMs: 1 } } }
const HEALTHY_ANSWERS: Record<string, Answer> = {
  '/health': { body: UP },
  '/models': { body: { models: [], next: null } },
}

/** Answers like a healthy ML stub without models, except on these paths. */
export async function serveFakeMl(
  wrong: Record<string, Answer>,
): Promise<AsyncDisposable & { port: number }> {
  const server = createServer(({ url = '' }, reply) => {
    const {
      status = 200,
      type = JSON_TYPE,
      body = {},
    } = { ...HEALTHY_ANSWERS, ...wrong }[url] ?? { status: 404 }
    reply
      .writeHead(status, { 'Content-Type': type })
      .end(typeof body === 'string' ? body : JSON.stringify(body))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

const MODEL = {
  ...{ name: 'text-moderation', version: '1.0.0', stage: 'production' },
  artefact: { uri: 's3://models/1', sha256: 'a'.repeat(64) },
}

/** Answers that break the contract. */
export const WRONG_ANSWERS: [what: string, wrong: Record<string, Answer>][] = [
  ['health is degraded, with status 200', { '/health': { body: { ...UP, status: 'degraded' } } }],
  ['health is ok, and its database is down', healthWith({ status: 'down', reason: 'timeout' })],
  ['health has no state of the database', { '/health': { body: { status: 'ok' } } }],
  ['health is 503', { '/health': { status: 503, body: UP } }],
  ['models are HTML', { '/models': { type: 'text/html', body: '<h1>Models</h1>' } }],
  ['models are no JSON', { '/models': { body: '{"models": [' } }],
  ['models are not in their envelope', { '/models': { body: [MODEL] } }],
  ['models are not found', { '/models': { status: 404 } }],
  ['models have no next page, not even none', { '/models': { body: { models: [MODEL] } } }],
  ['a model has no name', modelsWith({ name: '' })],
  ['a model has no version', modelsWith({ version: 'latest' })],
  ['a version goes on after its three numbers', modelsWith({ version: '1.0.0-beta' })],
  ['a version has a letter before its three numbers', modelsWith({ version: 'v1.0.0' })],
  ['a model is in a stage that does not exist', modelsWith({ stage: 'live' })],
  ['a model has no artefact', modelsWith({ artefact: undefined })],
  ['an artefact has no address', modelsWith({ artefact: { ...MODEL.artefact, uri: '' } })],
  ['an artefact has no whole hash', modelsWith({ artefact: { ...MODEL.artefact, sha256: 'a' } })],
  [
    'a hash has a letter before it',
    modelsWith({ artefact: { ...MODEL.artefact, sha256: `g${'a'.repeat(64)}` } }),
  ],
  ['a hash goes on after its end', modelsWith({ artefact: { ...MODEL.artefact, sha256: 'a'.repeat(65) } })],
]

/** All is well but the state of the database. */
function healthWith(database: object): Record<string, Answer> {
  return { '/health': { body: { ...UP, dependencies: { database } } } }
}

/** The second of two models differs in that from a right one. */
function modelsWith(wrong: object): Record<string, Answer> {
  return { '/models': { body: { models: [MODEL, { ...MODEL, ...wrong }], next: null } } }
}

/** What a healthy ML stub with one model answers. */
export const ONE_MODEL: Record<string, Answer> = { '/models': { body: { models: [MODEL], next: null } } }
