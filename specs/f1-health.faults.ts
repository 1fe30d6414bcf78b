import { edit, edits, faults } from '../harness/setup.ts'

const QUERY = "await database.query('select from ml.model limit 1')"

export default faults({
  'F1.0.1': {
    'the wait for the database has no limit': edit(
      'ml-stub/database.ts',
      'const WAIT_MS = 1000',
      'const WAIT_MS = 60_000',
    ),
    'health is up without a query': edit('ml-stub/health.ts', QUERY, ''),
    'health queries the server and not the registry': edit(
      'ml-stub/health.ts',
      'select from ml.model limit 1',
      'select 1',
    ),
    'the first result is cached forever': edit('ml-stub/health.ts', 'inProgress = undefined', ''),
    'the latency of the database is wrong': edit(
      'ml-stub/health.ts',
      'Math.round((performance.now() - start) * 10) / 10',
      'Math.round(start) * 0',
    ),
    'the latency counts from the start of the service and not from that of the check': edit(
      'ml-stub/health.ts',
      `async function checkDatabase(database: Database): Promise<DatabaseState> {
  const start = performance.now()
`,
      `const start = performance.now()

async function checkDatabase(database: Database): Promise<DatabaseState> {
`,
    ),
    'the latency is the longest one so far': edit(
      'ml-stub/health.ts',
      "return { status: 'up', latencyMs: Math.round((performance.now() - start) * 10) / 10 }",
      `const latencyMs = Math.round((performance.now() - start) * 10) / 10
    const kept = globalThis as { longest?: number }
    kept.longest = Math.max(latencyMs, kept.longest ?? 0)
    return { status: 'up', latencyMs: kept.longest }`,
    ),
    'a registry that was up once and is then forbidden or missing is still reported up': edits(
      {
        file: 'ml-stub/health.ts',
        find: 'let inProgress: Promise<DatabaseState> | undefined\n',
        replace: `let inProgress: Promise<DatabaseState> | undefined
  let lastUp: DatabaseState | undefined
  const settle = (state: DatabaseState): DatabaseState => {
    if (state.status === 'up') lastUp = state
    else if (/refused|unprepared/.test(state.error.reason)) return lastUp ?? state
    return state
  }
`,
      },
      {
        file: 'ml-stub/health.ts',
        find: 'inProgress ??= checkDatabase(database).finally(',
        replace: 'inProgress ??= checkDatabase(database).then(settle).finally(',
      },
    ),
    'a degraded service answers 200': edit('ml-stub/routes.ts', 'reply.code(503)', ''),
    'a broken connection ends the process': edit('ml-stub/database.ts', "pool.on('error', () => {})", ''),
    'every health check opens its own connection': edits(
      { file: 'ml-stub/health.ts', find: 'inProgress ??= check', replace: 'inProgress = check' },
      {
        file: 'ml-stub/main.ts',
        find: "openDatabase(settings, 'ml-stub health', 1)",
        replace: "openDatabase(settings, 'ml-stub health', 50)",
      },
    ),
    'health shares the connections of the registry, so that a busy service reports its database down': edit(
      'ml-stub/main.ts',
      'openHealthCheck(health)',
      'openHealthCheck(database)',
    ),
    'the version is that of Node': edit(
      'ml-stub/main.ts',
      "const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))",
      'const { version } = process',
    ),
    'a refused login is reported as a timeout': edit(
      'ml-stub/database.ts',
      "return 'refused'",
      "return 'timeout'",
    ),
    'a stub that is started while the database is gone ends and answers nothing, instead of degraded': edit(
      'ml-stub/main.ts',
      'const checkHealth = openHealthCheck(health)\n',
      `const checkHealth = openHealthCheck(health)
const first = await checkHealth()
if (first.status === 'down') exit(3, \`the database does not answer (\${first.error.reason}). Next: start it.\`)
`,
    ),
    'a shutdown that fails ends as one that succeeded': edit(
      'ml-stub/main.ts',
      "app.log.error(error, 'the shutdown failed')\n      process.exit(1)",
      "app.log.error(error, 'the shutdown failed')\n      process.exit(0)",
    ),
    'the service ends before it has answered the requests in progress': edit(
      'ml-stub/main.ts',
      '  await app.close()\n',
      '',
    ),
    'a service without its database counts as dead': edit(
      'ml-stub/routes.ts',
      "() => ({ status: 'ok' })",
      `async (_, reply) => {
        if ((await checkHealth()).status === 'down') reply.code(503)
        return { status: 'ok' }
      }`,
    ),
  },
})
