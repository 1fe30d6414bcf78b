// Every error response, as RFC 9457 problem details. Clients read `type` and `status`; the texts are for people.
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { PROBLEMS, type ProblemBody, type ProblemKind } from './contract.ts'
import { QueryError } from './database.ts'

const CONTENT_TYPE = 'application/problem+json'

/** Thrown by a handler that knows which problem it is. `more` may hold another status than that of the kind. */
export class Problem extends Error {
  readonly kind: ProblemKind
  readonly more: Partial<Pick<ProblemBody, 'status' | 'errors'>>

  constructor(kind: ProblemKind, detail: string, more: Problem['more'] = {}) {
    super(detail)
    this.kind = kind
    this.more = more
  }
}

function bodyOf({ kind, message, more }: Problem, requestId: string): ProblemBody {
  const [status, title] = PROBLEMS[kind]
  return { type: `urn:problem-type:hma:${kind}`, title, status, detail: message, requestId, ...more }
}

/** Answers any error that a handler, a hook or Fastify itself throws. */
export function answerProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error as FastifyError)
  const body = bodyOf(problem, request.id)
  request.errorLog = logFieldsOf(error as Error, problem.kind)
  if (body.status === 503) void reply.header('Retry-After', '2')
  if (body.status === 405) void reply.header('Allow', 'GET, HEAD')
  return reply.code(body.status).type(CONTENT_TYPE).send(body)
}

function problemOf(error: FastifyError): Problem {
  if (error instanceof Problem) return error
  if (error instanceof QueryError && error.reason !== 'failed')
    return new Problem('database-unavailable', `Try again later. Reason: ${error.reason}.`)
  if (error.validation) return invalidInput(error)
  const { code, statusCode: status = 500 } = error
  if (code === 'FST_ERR_BAD_URL' || code === 'FST_ERR_MAX_PARAM_LENGTH')
    return new Problem('invalid-input', 'Correct the path.', {
      errors: [{ where: 'path', what: 'is not valid' }],
    })
  if (status < 500) return new Problem('malformed-request', 'Correct the request.', { status })
  return new Problem('unexpected', 'Report it with the requestId; the log has the cause.')
}

function invalidInput({ validation = [], validationContext }: FastifyError): Problem {
  const part = validationContext === 'params' ? 'path' : 'query'
  const errors = validation.map(({ instancePath, message = 'is not valid', params }) => ({
    where: `${part}${instancePath.replaceAll('/', '.')}`,
    what: params.additionalProperty ? `must not have ${params.additionalProperty}` : message,
  }))
  return new Problem('invalid-input', 'Correct the parts in errors; /openapi.json has the rules.', { errors })
}

/** What the log says about an error; clients do not see it. */
function logFieldsOf(error: Error, problem: ProblemKind): Record<string, unknown> {
  const { reason, sqlstate, cause = error } = error instanceof QueryError ? error : {}
  return { problem, reason, sqlstate, ...(problem === 'unexpected' ? { stack: (cause as Error).stack } : {}) }
}

const STATUSES: Record<string, number> = { ERR_HTTP_REQUEST_TIMEOUT: 408, HPE_HEADER_OVERFLOW: 431 }

/** Answers what Node could not parse as a request, and closes the connection. */
export function answerMalformed({ code = '' }: { code?: string }, socket: Socket): void {
  if (!socket.writable) return void socket.destroy()
  const status = STATUSES[code] ?? 400
  const problem = new Problem('malformed-request', 'Send a complete HTTP/1.1 request.', { status })
  const body = JSON.stringify(bodyOf(problem, 'none'))
  const headers = `content-type: ${CONTENT_TYPE}\r\ncontent-length: ${body.length}\r\nconnection: close`
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${headers}\r\n\r\n${body}`)
}
