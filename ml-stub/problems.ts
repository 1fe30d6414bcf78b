// Every error response, as RFC 9457 problem details. Clients read `type` and `status`; the texts are for people.
import type { Socket } from 'node:net'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { Problem as Body } from './contract.ts'
import { QueryError } from './database.ts'

const CONTENT_TYPE = 'application/problem+json'
const RETRY_AFTER_SECONDS = '2'

const KINDS = {
  'invalid-input': { status: 400, title: 'The request is not valid.' },
  'unknown-model': { status: 404, title: 'No model of this name is registered.' },
  'unknown-route': { status: 404, title: 'There is nothing at this path.' },
  'wrong-method': { status: 405, title: 'This path is read only.' },
  'malformed-request': { status: 400, title: 'The request is not HTTP.' },
  'database-unavailable': { status: 503, title: 'The registry is not available.' },
  'too-slow': { status: 503, title: 'The answer took too long.' },
  unexpected: { status: 500, title: 'The service failed.' },
} as const

type InvalidPart = NonNullable<Body['errors']>[number]

/** Thrown by a handler that knows which problem it is. */
export class Problem extends Error {
  readonly kind: keyof typeof KINDS
  readonly errors: InvalidPart[] | undefined

  constructor(kind: keyof typeof KINDS, detail: string, errors?: InvalidPart[]) {
    super(detail)
    this.kind = kind
    this.errors = errors
  }
}

/** Answers any error that a handler, a hook or Fastify itself throws. */
export function answerProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error)
  const { status, title } = KINDS[problem.kind]
  request.problemLog = logFieldsOf(error, problem)
  if (status === 503) void reply.header('Retry-After', RETRY_AFTER_SECONDS)
  if (status === 405) void reply.header('Allow', 'GET, HEAD')
  const body: Body = {
    type: `urn:problem-type:hma:${problem.kind}`,
    title,
    status,
    detail: problem.message,
    requestId: request.id,
    ...(problem.errors ? { errors: problem.errors } : {}),
  }
  return reply.code(status).type(CONTENT_TYPE).send(body)
}

function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof QueryError && error.reason !== 'failed') {
    return new Problem('database-unavailable', `Try again later. Reason: ${error.reason}.`)
  }
  const { validation, validationContext = 'request', code } = error as FastifyError
  if (validation) {
    const errors = validation.map(({ instancePath, message = 'is not valid', params }) => ({
      where: [PLACES[validationContext] ?? validationContext, ...instancePath.split('/').slice(1)].join('.'),
      what: params.additionalProperty ? `must not have ${params.additionalProperty}` : message,
    }))
    return new Problem(
      'invalid-input',
      'Correct the parts listed in errors; /openapi.json has the rules.',
      errors,
    )
  }
  if (code === 'FST_ERR_BAD_URL' || code === 'FST_ERR_MAX_PARAM_LENGTH') {
    return new Problem('invalid-input', 'Correct the path.', [{ where: 'path', what: 'is not a valid path' }])
  }
  if (code === 'FST_ERR_HANDLER_TIMEOUT') return new Problem('too-slow', 'Try again later.')
  return new Problem('unexpected', 'Report it with the requestId; the log has the cause.')
}

const PLACES: Record<string, string> = { querystring: 'query', params: 'path' }

/** For the log only; clients do not see it. */
export interface ProblemLog {
  problem: string
  reason?: string
  sqlstate?: string | undefined
  stack?: string | undefined
}

function logFieldsOf(error: unknown, { kind }: Problem): ProblemLog {
  const database = error instanceof QueryError ? { reason: error.reason, sqlstate: error.sqlstate } : {}
  const cause = error instanceof QueryError ? error.cause : error
  const stack = kind === 'unexpected' ? { stack: (cause as Error).stack } : {}
  return { problem: kind, ...database, ...stack }
}

const MALFORMED: Record<string, string> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
}

/** Answers what Node could not parse as a request, and closes the connection. */
export function answerMalformed(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable) return void socket.destroy()
  const status = MALFORMED[error.code ?? ''] ?? '400 Bad Request'
  const { title } = KINDS['malformed-request']
  const body: Body = {
    type: 'urn:problem-type:hma:malformed-request',
    title,
    status: Number.parseInt(status, 10),
    detail: 'Send a complete HTTP/1.1 request.',
    requestId: 'none',
  }
  const text = JSON.stringify(body)
  const headers = `content-type: ${CONTENT_TYPE}\r\ncontent-length: ${text.length}\r\nconnection: close`
  socket.end(`HTTP/1.1 ${status}\r\n${headers}\r\n\r\n${text}`)
}
