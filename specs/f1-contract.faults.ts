import { edit, faults } from '../harness/setup.ts'

const CONTRACT = 'ml-stub/contract.ts'
const PROBLEMS = 'ml-stub/problems.ts'
const ROUTES = 'ml-stub/routes.ts'
const SERVER = 'ml-stub/server.ts'
const REGISTRY = 'ml-stub/registry.ts'

export default faults({
  'F1.1.3': {
    'an error is plain JSON': edit(PROBLEMS, "'application/problem+json'", "'application/json'"),
    'an answer has a field that the contract does not define': edit(
      ROUTES,
      '({ query }) => registry.page(query as ModelQuery)',
      'async ({ query }, reply) => (reply.serializer(JSON.stringify), { ...(await registry.page(query)), total: 0 })',
    ),
    'an answer lacks a field of the contract': edit(
      ROUTES,
      'return { name, production, versions }',
      'return reply.serializer(JSON.stringify), { name, versions }',
    ),
    'an answer is not in the contract': edit(
      ROUTES,
      'problems(400, 404, 500, 503)',
      'problems(400, 500, 503)',
    ),
    'the contract is not OpenAPI 3.1': edit(SERVER, "openapi: '3.1.0'", "openapi: '3.0.3'"),
    'an unknown model is answered as a model without versions': edit(
      ROUTES,
      'if (versions.length === 0) throw',
      'if (versions.length < 0) throw',
    ),
    'a misspelled filter is ignored': edit(SERVER, 'removeAdditional: false', 'removeAdditional: true'),
    'the largest page is refused': edit(CONTRACT, '.max(200).default(50)', '.max(199).default(50)'),
    'a page may exceed the largest size': edit(CONTRACT, '.max(200).default(50)', '.max(201).default(50)'),
    'of two invalid parameters the answer names the first alone': edit(
      SERVER,
      'allErrors: true',
      'allErrors: false',
    ),
    'any text is a name': edit(CONTRACT, '  .regex(/^[a-z][a-z0-9-]*$/)\n', ''),
    'an invalid cursor starts at the beginning': edit(
      REGISTRY,
      ".test(text)) return text.split(' ')",
      ".test(text) || text) return ['', '0']",
    ),
    'an invalid path is answered by the framework': edit(
      SERVER,
      'frameworkErrors: (error',
      'frameworkErrorz: (error: unknown',
    ),
    'a method that writes is answered as an unknown path': edit(
      ROUTES,
      "METHODS.filter((method) => method !== 'GET' && method !== 'HEAD')",
      "METHODS.filter((method) => method === 'POST')",
    ),
    'an unreachable database is answered as a defect of the service': edit(
      PROBLEMS,
      "error.reason !== 'failed'",
      "error.reason === 'refused'",
    ),
    'the answer does not say how long to wait': edit(
      PROBLEMS,
      "if (body.status === 503) void reply.header('Retry-After', '2')",
      '',
    ),
    'a paused database keeps clients waiting': edit(
      'ml-stub/database.ts',
      'const WAIT_MS = 1000',
      'const WAIT_MS = 60_000',
    ),
    'a client sees the error message of the database': edit(
      PROBLEMS,
      '`Try again later. Reason: ${error.reason}.`',
      'String((error.cause as Error).message)',
    ),
    'the log contains the requested URL': edit(
      SERVER,
      "route: routeOptions.url ?? 'none'",
      'route: reply.request.url',
    ),
  },
})
