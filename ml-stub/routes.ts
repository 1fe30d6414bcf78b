// What is at which path. Each route names all of its answers, so the published contract is complete.
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from 'fastify'
import { type Health, inputSchema, Model, ModelQuery } from './contract.ts'
import type { DatabaseState } from './health.ts'
import { Problem } from './problems.ts'
import type { Registry } from './registry.ts'

export interface Sources {
  version: string
  registry: Registry
  checkHealth: () => Promise<DatabaseState>
}

type Handler = (request: FastifyRequest, reply: FastifyReply) => unknown

export function addRoutes(app: FastifyInstance, { version, registry, checkHealth }: Sources): void {
  addRoute(app, '/live', schemas.live, () => ({ status: 'ok' }))
  addRoute(app, '/health', schemas.health, async (request, reply): Promise<Health> => {
    const database = await checkHealth()
    if (database.status === 'up') return { status: 'ok', version, dependencies: { database } }
    const { reason, sqlstate } = database.error
    request.problemLog = { problem: 'degraded', reason, sqlstate }
    reply.code(503)
    return { status: 'degraded', version, dependencies: { database: { status: 'down', reason } } }
  })
  addRoute(app, '/models', schemas.models, ({ query }) => registry.page(query as ModelQuery))
  addRoute(app, '/models/:name', schemas.model, async ({ params }) => {
    const { name } = params as Pick<Model, 'name'>
    const versions = await registry.versionsOf(name)
    if (versions.length === 0) throw new Problem('unknown-model', '/models lists the registered models.')
    const production = versions.find(({ stage }) => stage === 'production')?.version ?? null
    return { name, production, versions }
  })
  addRoute(app, '/openapi.json', HIDDEN, () => app.swagger())
}

/** A read-only path. Another method is refused before its body is read. */
function addRoute(app: FastifyInstance, url: string, schema: FastifySchema, handler: Handler): void {
  const refuse = async () => {
    throw new Problem('wrong-method', 'Use GET.')
  }
  const others = ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
  app.get(url, { schema }, handler)
  app.route({ url, method: others, schema: HIDDEN, onRequest: refuse, handler: refuse })
}

/** Not part of the published contract. */
const HIDDEN: FastifySchema & { hide: true } = { hide: true }

const json = (name: string, description: string) => ({
  description,
  content: { 'application/json': { schema: { $ref: `${name}#` } } },
})
const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: 'Problem#' } } },
})
const unavailable = {
  503: {
    ...problem('The registry is not available, or the answer took too long.'),
    headers: { 'Retry-After': { type: 'string', description: 'Seconds.' } },
  },
  500: problem('The service failed.'),
}

const schemas = {
  live: {
    operationId: 'live',
    summary: 'Whether the process is alive. Does not use the database.',
    response: { 200: json('Life', 'It is alive.') },
  },
  health: {
    operationId: 'health',
    summary: 'Whether the service can answer requests. Queries its database, and answers within two seconds.',
    response: {
      200: json('Health', 'All dependencies are up.'),
      503: json('Health', 'A dependency is down; the body names it and the reason.'),
    },
  },
  models: {
    operationId: 'listModels',
    summary: 'The registered models, page by page.',
    querystring: inputSchema(ModelQuery),
    response: {
      200: json('ModelPage', 'A page of models.'),
      400: problem('A parameter is unknown or not valid.'),
      ...unavailable,
    },
  },
  model: {
    operationId: 'readModel',
    summary: 'The versions of one model, and which of them is in production.',
    params: inputSchema(Model.pick({ name: true })),
    response: {
      200: json('ModelCard', 'The model.'),
      400: problem('The name is not valid.'),
      404: problem('No model of this name is registered.'),
      ...unavailable,
    },
  },
} satisfies Record<string, FastifySchema & { operationId: string; summary: string }>
