import { edit, edits, faults } from '../harness/setup.ts'

const CONTRACT = 'ml-stub/contract.ts'
const PROBLEMS = 'ml-stub/problems.ts'
const ROUTES = 'ml-stub/routes.ts'
const SERVER = 'ml-stub/server.ts'
const REGISTRY = 'ml-stub/registry.ts'

export default faults({
  'F1.1.3': {
    'an error is plain JSON': edit(PROBLEMS, "'application/problem+json'", "'application/json'"),
    'an answer has a field that the contract does not know': edit(
      ROUTES,
      'return serialize({ ...page })',
      'return JSON.stringify({ ...page, total: 0 })',
    ),
    'an answer lacks a field of the contract': edit(
      ROUTES,
      'return { name, production, versions }',
      'return reply.serializer(JSON.stringify), { name, versions }',
    ),
    'an answer is given that the contract does not name': edit(
      ROUTES,
      "404: problem('No model of that name is registered.'),",
      '',
    ),
    'the contract is not OpenAPI 3.1': edit(SERVER, "openapi: '3.1.0'", "openapi: '3.0.3'"),
    'an unknown model is a model without versions': edit(
      ROUTES,
      'if (versions.length === 0) throw',
      'if (versions.length < 0) throw',
    ),
    'a misspelt filter is ignored': edit(SERVER, 'removeAdditional: false', 'removeAdditional: true'),
    'the greatest page is refused': edit(CONTRACT, '.max(200).default(50)', '.max(199).default(50)'),
    'a page may be greater than the greatest': edit(
      CONTRACT,
      '.max(200).default(50)',
      '.max(201).default(50)',
    ),
    'any text is a name': edit(CONTRACT, '  .regex(/^[a-z][a-z0-9-]*$/)\n', ''),
    'a cursor that is none starts at the beginning': edit(
      REGISTRY,
      'if (success && rest.length === 0) return',
      'if (rest.length >= 0) return',
    ),
    'a path that cannot be read is answered by the framework': edit(
      SERVER,
      'frameworkErrors: (error',
      'frameworkErrorz: (error: unknown',
    ),
    'another method is an unknown path': edit(
      ROUTES,
      "const others = ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']",
      "const others = ['POST']",
    ),
    'a database that is gone is a failure of the service': edit(
      PROBLEMS,
      "error.reason !== 'failed'",
      "error.reason === 'refused'",
    ),
    'nobody is told when to come back': edit(
      PROBLEMS,
      "if (status === 503) void reply.header('Retry-After', RETRY_AFTER_SECONDS)",
      '',
    ),
    'a paused database keeps its clients waiting': edits(
      { file: 'ml-stub/database.ts', find: 'const WAIT_MS = 1000', replace: 'const WAIT_MS = 60_000' },
      { file: SERVER, find: 'const ANSWER_WITHIN_MS = 2500', replace: 'const ANSWER_WITHIN_MS = 60_000' },
    ),
    'a client reads what the database said': edit(
      PROBLEMS,
      "`Ask again later; the registry's state is ${error.reason}.`",
      'String((error.cause as Error).message)',
    ),
    'the log keeps what was asked': edit(
      SERVER,
      "route: routeOptions.url ?? 'none'",
      'route: reply.request.url',
    ),
  },
})
