// The HTTP server: what applies to every request, whatever its path.
import { randomUUID } from 'node:crypto'
import swagger, { type SwaggerOptions } from '@fastify/swagger'
import Fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
  LogController,
} from 'fastify'
import { namedSchemas } from './contract.ts'
import { answerMalformed, answerProblem, Problem, type ProblemLog } from './problems.ts'
import { addRoutes, type Sources } from './routes.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What the log adds about an error; null when there was none. */
    problemLog: ProblemLog | null
  }
}

/** Last resort for a request that hangs; the limits of database.ts are shorter. */
const ANSWER_TIMEOUT_MS = 2500
/** Limit for receiving a complete request. */
const RECEIVE_TIMEOUT_MS = 5000

/** The service, ready to listen. Until it listens it logs only warnings and errors, then one line per request. */
export async function createServer(sources: Sources): Promise<FastifyInstance> {
  const app = Fastify({ ...OPTIONS, logger: { level: 'warn', base: { service: 'ml-stub' } } })
  app.decorateRequest('problemLog', null)
  app.addHook('onResponse', async (request, reply) => logLine(request, reply))
  app.addHook('onSend', (_request, reply, payload, done) => {
    // During shutdown a connection that is kept alive would delay the end.
    if (!app.server.listening) void reply.header('connection', 'close')
    done(null, payload)
  })
  app.setErrorHandler(answerProblem)
  app.setNotFoundHandler(() => {
    throw new Problem('unknown-route', '/openapi.json lists the paths.')
  })
  for (const schema of namedSchemas()) app.addSchema(schema)
  await app.register(swagger, documentOf(sources.version))
  addRoutes(app, sources)
  return app
}

const OPTIONS: FastifyServerOptions = {
  logController: new LogController({ disableRequestLogging: true }),
  genReqId: () => randomUUID(),
  handlerTimeout: ANSWER_TIMEOUT_MS,
  requestTimeout: RECEIVE_TIMEOUT_MS,
  return503OnClosing: false,
  // An unknown parameter is refused. Fastify would drop it by default and answer another question than the client asked.
  ajv: { customOptions: { removeAdditional: false, coerceTypes: true, allErrors: true } },
  frameworkErrors: (error, request, reply) => {
    // Raised before a route is found, so the onResponse hook does not log it.
    void answerProblem(error, request, reply)
    logLine(request, reply)
  },
  clientErrorHandler: answerMalformed,
}

function documentOf(version: string): SwaggerOptions {
  return {
    convertConstToEnum: false,
    refResolver: { buildLocalReference: ({ $id }, _uri, _fragment, i) => String($id ?? `part-${i}`) },
    openapi: {
      openapi: '3.1.0',
      info: { title: 'HMA model registry', version, description: 'Read only.' },
    },
  }
}

/** Logs the route and not the URL: the client's input may contain secrets. */
function logLine({ method, problemLog, routeOptions, log }: FastifyRequest, reply: FastifyReply): void {
  const ms = Math.round(reply.elapsedTime * 10) / 10
  log.info({ method, route: routeOptions.url ?? 'none', status: reply.statusCode, ms, ...problemLog })
}
