import { edit, edits, faults } from '../harness/setup.ts'

export default faults({
  'F1.0.1': {
    'nothing bounds the wait for the database': edits(
      { file: 'ml-stub/database.ts', find: 'const WAIT_MS = 1000', replace: 'const WAIT_MS = 60_000' },
      {
        file: 'ml-stub/server.ts',
        find: 'const ANSWER_WITHIN_MS = 2500',
        replace: 'const ANSWER_WITHIN_MS = 60_000',
      },
    ),
    'health is up without having asked': edit('ml-stub/probe.ts', 'await database.query(QUESTION)', ''),
    'health asks the server and not the registry': edit(
      'ml-stub/probe.ts',
      'select from ml.model limit 1',
      'select 1',
    ),
    'the first finding is kept for good': edit('ml-stub/probe.ts', 'underWay = undefined', ''),
    'how long the database took is made up': edit(
      'ml-stub/probe.ts',
      'Math.round((performance.now() - began) * 10) / 10',
      'Math.round(began) * 0',
    ),
    'a degraded service answers 200': edit('ml-stub/routes.ts', 'reply.code(503)', ''),
    'a connection that is cut ends the process': edit(
      'ml-stub/database.ts',
      "pool.on('error', () => {})",
      '',
    ),
    'every question opens a connection of its own': edits(
      { file: 'ml-stub/probe.ts', find: 'underWay ??= ask', replace: 'underWay = ask' },
      {
        file: 'ml-stub/main.ts',
        find: "openDatabase(settings, 'ml-stub health', 1)",
        replace: "openDatabase(settings, 'ml-stub health', 50)",
      },
    ),
    'a refused login is called a timeout': edit(
      'ml-stub/database.ts',
      "return 'refused'",
      "return 'timeout'",
    ),
    'a service without its database counts as dead': edit(
      'ml-stub/routes.ts',
      "() => ({ status: 'ok' })",
      `async (_, reply) => {
        if ((await probe()) instanceof DatabaseTrouble) reply.code(503)
        return { status: 'ok' }
      }`,
    ),
  },
})
