// What is at which path. Each route names all of its answers, so the published contract is complete.
import { METHODS } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from 'fastify'
import { type Health, type ModelQuery, PATH, QUERY } from './contract.ts'
import type { DatabaseState } from './health.ts'
import { Problem } from './problems.ts'
import type { Registry } from './registry.ts'

export interface Sources {
  version: string
  registry: Registry
  checkHealth: () => Promise<DatabaseState>
}

const schemas: Record<string, FastifySchema & { summary: string }> = {
  live: {
    summary: 'Whether the process is alive. Does not use the database.',
    response: { 200: answer('Life') },
  },
  health: {
    summary: 'Whether the service can answer requests: queries its database, and answers within two seconds.',
    response: {
      200: answer('Health'),
      503: answer('Health', 'The dependency that is down, and the reason.'),
    },
  },
  models: {
    summary: 'The registered models, page by page.',
    querystring: QUERY,
    response: { 200: answer('ModelPage'), ...problems(400, 500, 503) },
  },
  model: {
    summary: 'The versions of one model, and which of them is in production.',
    params: PATH,
    response: { 200: answer('ModelCard'), ...problems(400, 404, 500, 503) },
  },
}

export function addRoutes(app: FastifyInstance, { version, registry, checkHealth }: Sources): void {
  for (const method of OTHER_METHODS) app.addHttpMethod(method, WITHOUT_BODY)
  addRoute(app, '/live', schemas.live, () => ({ status: 'ok' }))
  addRoute(app, '/health', schemas.health, async (request, reply): Promise<Health> => {
    const database = await checkHealth()
    if (database.status === 'up') return { status: 'ok', version, dependencies: { database } }
    const { reason, sqlstate } = database.error
    request.errorLog = { problem: 'degraded', reason, sqlstate }
    reply.code(503)
    return { status: 'degraded', version, dependencies: { database: { status: 'down', reason } } }
  })
  addRoute(app, '/models', schemas.models, ({ query }) => registry.page(query as ModelQuery))
  addRoute(app, '/models/:name', schemas.model, async ({ params }) => {
    const { name } = params as { name: string }
    const versions = await registry.versionsOf(name)
    if (versions.length === 0) throw new Problem('unknown-model', '/models lists the registered models.')
    const production = versions.find(({ stage }) => stage === 'production')?.version ?? null
    return { name, production, versions }
  })
  addRoute(app, '/openapi.json', undefined, () => app.swagger())
}

type Handler = (request: FastifyRequest, reply: FastifyReply) => unknown
/** Not part of the published contract. */
const HIDDEN: FastifySchema & { hide: true } = { hide: true }
const WITHOUT_BODY = { hasBody: false, overrideExisting: true }
const OTHER_METHODS = METHODS.filter((method) => method !== 'GET' && method !== 'HEAD')

/** A read-only path; another method is refused. */
function addRoute(app: FastifyInstance, url: string, schema: FastifySchema = HIDDEN, handler: Handler): void {
  const refuse = async () => {
    throw new Problem('wrong-method', 'Use GET.')
  }
  app.get(url, { schema }, handler)
  app.route({ url, method: OTHER_METHODS, schema: HIDDEN, onRequest: refuse, handler: refuse })
}

function answer(name: string, description = 'The answer.', type = 'application/json') {
  return { description, content: { [type]: { schema: { $ref: `${name}#` } } } }
}

function problems(...statuses: number[]) {
  const headers = { 'Retry-After': { type: 'string', description: 'Seconds.' } }
  const problem = answer('Problem', 'See its type.', 'application/problem+json')
  return Object.fromEntries(statuses.map((s) => [s, s === 503 ? { ...problem, headers } : problem]))
}
