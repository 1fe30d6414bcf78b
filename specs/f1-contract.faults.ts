import { edit, edits, faults } from '../harness/setup.ts'

const CONTRACT = 'ml-stub/contract.ts'
const PROBLEMS = 'ml-stub/problems.ts'
const ROUTES = 'ml-stub/routes.ts'
const SERVER = 'ml-stub/server.ts'
const REGISTRY = 'ml-stub/registry.ts'

export default faults([
  {
    criterion: 'F1.1.3',
    breaks: 'an error is plain JSON',
    plant: edit(PROBLEMS, "'application/problem+json'", "'application/json'"),
  },
  {
    criterion: 'F1.1.3',
    breaks: 'an answer has a field that the contract does not know',
    plant: edit(ROUTES, 'return serialize({ ...page })', 'return JSON.stringify({ ...page, total: 0 })'),
  },
  {
    criterion: 'F1.1.3',
    breaks: 'an answer lacks a field of the contract',
    plant: edit(
      ROUTES,
      'return { name, production, versions }',
      'return reply.serializer(JSON.stringify), { name, versions }',
    ),
  },
  {
    criterion: 'F1.1.3',
    breaks: 'an answer is given that the contract does not name',
    plant: edit(ROUTES, "404: problem('No model of that name is registered.'),", ''),
  },
  {
    criterion: 'F1.1.3',
    breaks: 'the contract is not OpenAPI 3.1',
    plant: edit(SERVER, "openapi: '3.1.0'", "openapi: '3.0.3'"),
  },
  {
    criterion: 'F1.1.3',
    breaks: 'an unknown model is a model without versions',
    plant: edit(ROUTES, 'if (versions.length === 0) throw', 'if (versions.length < 0) throw'),
  },
  {
    criterion: 'F1.1.3',
    breaks: 'a misspelt filter is ignored',
    plant: edit(SERVER, 'removeAdditional: false', 'removeAdditional: true'),
  },
  {
    criterion: 'F1.1.3',
    breaks: 'the greatest page is refused',
    plant: edit(CONTRACT, '.max(200).default(50)', '.max(199).default(50)'),
  },
  {
    criterion: 'F1.1.3',
    breaks: 'a page may be greater than the greatest',
    plant: edit(CONTRACT, '.max(200).default(50)', '.max(201).default(50)'),
  },
  {
    criterion: 'F1.1.3',
    breaks: 'any text is a name',
    plant: edit(CONTRACT, '  .regex(/^[a-z][a-z0-9-]*$/)\n', ''),
  },
  {
    criterion: 'F1.1.3',
    breaks: 'a cursor that is none starts at the beginning',
    plant: edit(REGISTRY, 'if (success && rest.length === 0) return', 'if (rest.length >= 0) return'),
  },
  {
    criterion: 'F1.1.3',
    breaks: 'a path that cannot be read is answered by the framework',
    plant: edit(SERVER, 'frameworkErrors: (error', 'frameworkErrorz: (error: unknown'),
  },
  {
    criterion: 'F1.1.3',
    breaks: 'another method is an unknown path',
    plant: edit(
      ROUTES,
      "const others = ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']",
      "const others = ['POST']",
    ),
  },
  {
    criterion: 'F1.1.3',
    breaks: 'a database that is gone is a failure of the service',
    plant: edit(PROBLEMS, "error.reason !== 'failed'", "error.reason === 'refused'"),
  },
  {
    criterion: 'F1.1.3',
    breaks: 'nobody is told when to come back',
    plant: edit(PROBLEMS, "if (status === 503) void reply.header('Retry-After', RETRY_AFTER_SECONDS)", ''),
  },
  {
    criterion: 'F1.1.3',
    breaks: 'a paused database keeps its clients waiting',
    plant: edits(
      { file: 'ml-stub/database.ts', find: 'const WAIT_MS = 1000', replace: 'const WAIT_MS = 60_000' },
      { file: SERVER, find: 'const ANSWER_WITHIN_MS = 2500', replace: 'const ANSWER_WITHIN_MS = 60_000' },
    ),
  },
  {
    criterion: 'F1.1.3',
    breaks: 'a client reads what the database said',
    plant: edit(
      PROBLEMS,
      "`Ask again later; the registry's state is ${error.reason}.`",
      'String((error.cause as Error).message)',
    ),
  },
  {
    criterion: 'F1.1.3',
    breaks: 'the log keeps what was asked',
    plant: edit(SERVER, "route: routeOptions.url ?? 'none'", 'route: reply.request.url'),
  },
])
