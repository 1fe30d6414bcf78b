import { edit, edits, faults } from '../harness/setup.ts'

export default faults([
  {
    criterion: 'F1.0.1',
    breaks: 'nothing bounds the wait for the database',
    plant: edits(
      { file: 'ml-stub/database.ts', find: 'const WAIT_MS = 1000', replace: 'const WAIT_MS = 60_000' },
      {
        file: 'ml-stub/server.ts',
        find: 'const ANSWER_WITHIN_MS = 2500',
        replace: 'const ANSWER_WITHIN_MS = 60_000',
      },
    ),
  },
  {
    criterion: 'F1.0.1',
    breaks: 'health is up without having asked',
    plant: edit('ml-stub/probe.ts', 'await database.query(QUESTION)', ''),
  },
  {
    criterion: 'F1.0.1',
    breaks: 'health asks the server and not the registry',
    plant: edit('ml-stub/probe.ts', 'select from ml.model limit 1', 'select 1'),
  },
  {
    criterion: 'F1.0.1',
    breaks: 'the first finding is kept for good',
    plant: edit('ml-stub/probe.ts', 'underWay = undefined', ''),
  },
  {
    criterion: 'F1.0.1',
    breaks: 'how long the database took is made up',
    plant: edit(
      'ml-stub/probe.ts',
      'Math.round((performance.now() - began) * 10) / 10',
      'Math.round(began) * 0',
    ),
  },
  {
    criterion: 'F1.0.1',
    breaks: 'a degraded service answers 200',
    plant: edit('ml-stub/routes.ts', 'reply.code(503)', ''),
  },
  {
    criterion: 'F1.0.1',
    breaks: 'a connection that is cut ends the process',
    plant: edit('ml-stub/database.ts', "pool.on('error', () => {})", ''),
  },
  {
    criterion: 'F1.0.1',
    breaks: 'every question opens a connection of its own',
    plant: edits(
      { file: 'ml-stub/probe.ts', find: 'underWay ??= ask', replace: 'underWay = ask' },
      {
        file: 'ml-stub/main.ts',
        find: "openDatabase(settings, 'ml-stub health', 1)",
        replace: "openDatabase(settings, 'ml-stub health', 50)",
      },
    ),
  },
  {
    criterion: 'F1.0.1',
    breaks: 'a refused login is called a timeout',
    plant: edit('ml-stub/database.ts', "return 'refused'", "return 'timeout'"),
  },
  {
    criterion: 'F1.0.1',
    breaks: 'a service without its database counts as dead',
    plant: edit(
      'ml-stub/routes.ts',
      "() => ({ status: 'ok' })",
      `async (_, reply) => {
        if ((await probe()) instanceof DatabaseTrouble) reply.code(503)
        return { status: 'ok' }
      }`,
    ),
  },
])
