// What is at which path. Each route names all of its answers, so the published contract is complete.
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from 'fastify'
import { type Health, inputSchema, Model, ModelQuery } from './contract.ts'
import { DatabaseTrouble } from './database.ts'
import type { Finding } from './probe.ts'
import { Problem } from './problems.ts'
import type { Page, Registry } from './registry.ts'

export interface Sources {
  version: string
  registry: Registry
  probe: () => Promise<Finding>
}

const JSON_TYPE = 'application/json'

type Handler = (request: FastifyRequest, reply: FastifyReply) => unknown

export function addRoutes(app: FastifyInstance, { version, registry, probe }: Sources): void {
  addRoute(app, '/live', schemas.live, () => ({ status: 'ok' }))
  addRoute(app, '/health', schemas.health, async (request, reply) => {
    const finding = await probe()
    if (finding instanceof DatabaseTrouble) {
      request.trouble = { problem: 'degraded', reason: finding.reason, sqlstate: finding.sqlstate }
      reply.code(503)
    }
    return healthOf(finding, version)
  })
  const texts = new WeakMap<Page, string>()
  addRoute(app, '/models', schemas.models, async ({ query }, reply) => {
    const page = await registry.page(query as ModelQuery)
    const text = texts.get(page) ?? write(page, reply)
    texts.set(page, text)
    return reply.type(JSON_TYPE).send(text)
  })
  addRoute(app, '/models/:name', schemas.model, async ({ params }) => {
    const { name } = params as Pick<Model, 'name'>
    const versions = await registry.versionsOf(name)
    if (versions.length === 0) throw new Problem('unknown-model', '/models lists what is registered.')
    const production = versions.find(({ stage }) => stage === 'production')?.version ?? null
    return { name, production, versions }
  })
  addRoute(app, '/openapi.json', HIDDEN, () => app.swagger())
}

/** As the contract has it; written once, however many it answers. */
function write(page: Page, reply: FastifyReply): string {
  const serialize = reply.getSerializationFunction('200', JSON_TYPE) ?? JSON.stringify
  return serialize({ ...page })
}

/** A path that can be read and nothing else; another method is told so before its body is looked at. */
function addRoute(app: FastifyInstance, url: string, schema: FastifySchema, handler: Handler): void {
  const refuse = async () => {
    throw new Problem('wrong-method', 'Use GET.')
  }
  const others = ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
  app.get(url, { schema }, handler)
  app.route({ url, method: others, schema: HIDDEN, onRequest: refuse, handler: refuse })
}

/** Served, and no part of the published contract. */
const HIDDEN: FastifySchema & { hide: true } = { hide: true }

function healthOf(finding: Finding, version: string): Health {
  if (finding instanceof DatabaseTrouble) {
    return {
      status: 'degraded',
      version,
      dependencies: { database: { status: 'down', reason: finding.reason } },
    }
  }
  return {
    status: 'ok',
    version,
    dependencies: { database: { status: 'up', latencyMs: finding.latencyMs } },
  }
}

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
    ...problem('The registry cannot be asked right now, or the answer took too long.'),
    headers: { 'Retry-After': { type: 'string', description: 'Seconds.' } },
  },
  500: problem('The service failed.'),
}

const schemas = {
  live: {
    operationId: 'live',
    summary: 'Is the process alive? Asks nothing of its dependencies.',
    response: { 200: json('Life', 'It is.') },
  },
  health: {
    operationId: 'health',
    summary: 'Can the service do its work? Asks its database, and answers within two seconds.',
    response: {
      200: json('Health', 'All dependencies are up.'),
      503: json('Health', 'A dependency is down; the body names it and says why.'),
    },
  },
  models: {
    operationId: 'listModels',
    summary: 'What is registered, page by page.',
    querystring: inputSchema(ModelQuery),
    response: {
      200: json('ModelPage', 'A page.'),
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
      400: problem('The name is not one a model can have.'),
      404: problem('No model of that name is registered.'),
      ...unavailable,
    },
  },
} satisfies Record<string, FastifySchema & { operationId: string; summary: string }>
