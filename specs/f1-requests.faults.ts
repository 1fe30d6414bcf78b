import { edit, edits, faults } from '../harness/setup.ts'

const SERVER = 'ml-stub/server.ts'
const PROBLEMS = 'ml-stub/problems.ts'
const WITH_BODY = {
  file: 'ml-stub/routes.ts',
  find: 'hasBody: false',
  replace: 'hasBody: true',
}

export default faults({
  'F1.1.3': {
    'a body that cannot be read is a defect of the service': edits(WITH_BODY, {
      file: PROBLEMS,
      find: 'if (status < 500)',
      replace: 'if (status < 0)',
    }),
    'the contract promises a URI where the registry accepts and serves addresses that are none': edit(
      'ml-stub/contract.ts',
      'uri: z\n        .string()\n        .max(1024)',
      'uri: z\n        .url()\n        .max(1024)',
    ),
    'the contract promises a shorter description than the registry accepts': edit(
      'ml-stub/contract.ts',
      'z.string().max(1000)',
      'z.string().max(999)',
    ),
    'the body for an unknown path is read first': edits(WITH_BODY),
    'a limit may have any notation of JavaScript': edit(
      SERVER,
      '/^(?:0|[1-9]\\d*)$/.test(String(limit))',
      'Number(limit)',
    ),
    'numbers are read by the validator': edit(SERVER, 'coerceTypes: false', 'coerceTypes: true'),
    'Node answers a request without Host': edit(
      SERVER,
      'requireHostHeader: false',
      'requireHostHeader: true',
    ),
    'a request needs no Host': edit(SERVER, "raw.httpVersion === '1.1'", "raw.httpVersion === '2'"),
    'CONNECT is not answered': edit(
      SERVER,
      "app.server.on('connect', (_, socket: Socket) => answerMalformed({}, socket))",
      '',
    ),
    'Node answers an unknown expectation': edit(SERVER, "app.server.on('checkExpectation', app.routing)", ''),
    'half of a head is kept for half a minute': edit(
      SERVER,
      'const CHECK_INTERVAL_MS = 500',
      'const CHECK_INTERVAL_MS = 30_000',
    ),
    'the answer to a defect is not in the contract': edit(
      'ml-stub/contract.ts',
      'Object.keys(PROBLEMS).map(',
      "Object.keys(PROBLEMS).filter((kind) => kind !== 'unexpected').map(",
    ),
    'the answer to a defect has the statement': edits(
      {
        file: 'ml-stub/database.ts',
        find: 'throw new QueryError(error)',
        replace: 'throw Object.assign(new QueryError(error), { text })',
      },
      {
        file: PROBLEMS,
        find: "'Report it with the requestId; the log has the cause.'",
        replace: 'String((error as unknown as { text: string }).text)',
      },
    ),
    'the answer to a defect has the message of the database': edit(
      PROBLEMS,
      "'Report it with the requestId; the log has the cause.'",
      '`Report it: ${(error.cause as Error).message}`',
    ),
    'the log has the statement': edit(
      'ml-stub/database.ts',
      'throw new QueryError(error)',
      'throw (console.log(text), new QueryError(error))',
    ),
    'the log has the password of the database': edit(
      'ml-stub/main.ts',
      'app.log.info({ host, port:',
      'app.log.info({ settings, host, port:',
    ),
  },
})
