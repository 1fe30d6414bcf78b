// The HTTP server: what every request goes through, whatever its path.
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
import type { Log } from './log.ts'
import { answerMalformed, answerProblem, Problem, type ProblemLog } from './problems.ts'
import { addRoutes, type Sources } from './routes.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What the log says about this request beside the answer; null when there is nothing. */
    trouble: ProblemLog | null
  }
}

/** No request is worked on for longer: the bounds of the database lie below it, so it is the last resort. */
const ANSWER_WITHIN_MS = 2500
/** A request that does not arrive whole in this time is given up. */
const RECEIVE_WITHIN_MS = 5000

/** The service, ready to listen. It logs one line a request, and until then only from `warn` on. */
export async function createServer(sources: Sources, log: Log): Promise<FastifyInstance> {
  const app = Fastify({ ...OPTIONS, logger: { level: 'warn', base: { service: 'ml-stub' }, stream: log } })
  app.decorateRequest('trouble', null)
  app.addHook('onResponse', async (request, reply) => logLine(request, reply))
  app.addHook('onSend', (_request, reply, payload, done) => {
    // Whoever is answered while the service ends must not keep the connection, or it would not end.
    if (!app.server.listening) void reply.header('connection', 'close')
    done(null, payload)
  })
  app.setErrorHandler(answerProblem)
  app.setNotFoundHandler(() => {
    throw new Problem('unknown-route', '/openapi.json lists what there is.')
  })
  for (const schema of namedSchemas()) app.addSchema(schema)
  await app.register(swagger, documentOf(sources.version))
  addRoutes(app, sources)
  return app
}

const OPTIONS: FastifyServerOptions = {
  logController: new LogController({ disableRequestLogging: true }),
  genReqId: () => randomUUID(),
  handlerTimeout: ANSWER_WITHIN_MS,
  requestTimeout: RECEIVE_WITHIN_MS,
  return503OnClosing: false,
  // A parameter that is unknown is refused, where Fastify would drop it and answer something else than was asked.
  ajv: { customOptions: { removeAdditional: false, coerceTypes: true, allErrors: true } },
  frameworkErrors: (error, request, reply) => {
    // Raised before there is a route, whose hooks would log it.
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

/** The route, and not what was asked of it: what a stranger typed is no business of the log. */
function logLine({ method, trouble, routeOptions, log }: FastifyRequest, reply: FastifyReply): void {
  const ms = Math.round(reply.elapsedTime * 10) / 10
  log.info({ method, route: routeOptions.url ?? 'none', status: reply.statusCode, ms, ...trouble })
}
