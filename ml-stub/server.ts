// The HTTP server: what applies to every request, whatever its path.
import { randomUUID } from 'node:crypto'
import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { parse } from 'node:querystring'
import swagger from '@fastify/swagger'
import Fastify, {
  type FastifyHttpOptions,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify'
import { namedSchemas } from './contract.ts'
import { addMetrics } from './metrics.ts'
import { answerMalformed, answerProblem, Problem } from './problems.ts'
import { addRoutes, type Sources } from './routes.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What the log adds about an error; null when there was none. */
    errorLog: Record<string, unknown> | null
  }
}

/** Limit for receiving a complete request, and how often Node looks for connections that exceed it. */
const RECEIVE_TIMEOUT_MS = 5000
const CHECK_INTERVAL_MS = 500

const OPTIONS: FastifyHttpOptions<Server> = {
  logController: new LogController({ disableRequestLogging: true }),
  genReqId: () => randomUUID(),
  requestTimeout: RECEIVE_TIMEOUT_MS,
  // Node would answer a request without Host by itself, and not by a problem.
  http: { connectionsCheckingInterval: CHECK_INTERVAL_MS, requireHostHeader: false },
  return503OnClosing: false,
  // An unknown parameter is refused. Fastify would drop it by default and answer another question than the client asked.
  ajv: { customOptions: { removeAdditional: false, coerceTypes: false, allErrors: true } },
  routerOptions: { querystringParser: parseQuery },
  frameworkErrors: (error, request, reply) => {
    // Raised before a route is found, so the onResponse hook does not log it.
    void answerProblem(error, request, reply)
    logLine(request, reply)
  },
  clientErrorHandler: answerMalformed,
}

/** The service, ready to listen. Until it listens it logs only warnings and errors, then one line per request. */
export async function createServer(sources: Sources): Promise<FastifyInstance> {
  const app = Fastify({ ...OPTIONS, logger: { level: 'warn', base: { service: 'ml-stub' } } })
  addHooks(app)
  for (const schema of namedSchemas()) app.addSchema(schema)
  const info = { title: 'HMA model registry', version: sources.version, description: 'Read only.' }
  await app.register(swagger, {
    convertConstToEnum: false,
    refResolver: { buildLocalReference: ({ $id }, _uri, _fragment, i) => String($id ?? `part-${i}`) },
    openapi: { openapi: '3.1.0', info },
  })
  addRoutes(app, sources)
  addMetrics(app, sources.checkHealth)
  return app
}

function addHooks(app: FastifyInstance): void {
  app.decorateRequest('errorLog', null)
  app.addHook('onRequest', async ({ raw }) => {
    if (raw.httpVersion === '1.1' && raw.headersDistinct.host?.length !== 1)
      throw new Problem('malformed-request', 'Send one Host header.')
  })
  app.addHook('onSend', async (_request, reply) => {
    // During shutdown a connection that is kept alive would delay the end.
    if (!app.server.listening) void reply.header('connection', 'close')
  })
  app.addHook('onResponse', async (request, reply) => logLine(request, reply))
  app.setErrorHandler(answerProblem)
  app.setNotFoundHandler(() => {
    throw new Problem('unknown-route', '/openapi.json lists the paths.')
  })
  // Without listeners, Node would close the connection of the first and answer the second by itself.
  app.server.on('connect', (_, socket: Socket) => answerMalformed({}, socket))
  app.server.on('checkExpectation', app.routing)
}

/** Only plain digits are a number: JavaScript would also read 0x10, 1e1 and +5 as one. */
function parseQuery(text: string): Record<string, unknown> {
  const { limit, ...rest } = parse(text)
  if (limit === undefined) return rest
  return { ...rest, limit: /^(?:0|[1-9]\d*)$/.test(String(limit)) ? Number(limit) : limit }
}

/** Logs the route and not the URL: the client's input may contain secrets. */
function logLine({ method, errorLog, routeOptions, log }: FastifyRequest, reply: FastifyReply): void {
  const ms = Math.round(reply.elapsedTime * 10) / 10
  log.info({ method, route: routeOptions.url ?? 'none', status: reply.statusCode, ms, ...errorLog })
}
