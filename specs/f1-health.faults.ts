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
