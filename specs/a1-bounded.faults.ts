import { edit, edits, faults } from '../harness/setup.ts'

export default faults({
  'A1.4.5': {
    'a connection has no limit': edit(
      'config/postgres.ts',
      'options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS',
      'options.connectTimeoutMs ?? 0',
    ),
    'a server that accepts the login is taken to answer': edit(
      'config/postgres.ts',
      'query_timeout: milliseconds',
      'query_timeout: 0 * milliseconds',
    ),
    'a program waits for what its client still holds open': edits(
      { file: 'config/program.ts', find: '() => process.exit()', replace: '() => undefined' },
      {
        file: 'stack/smoke/probe.ts',
        find: 'run(limit, withinMs)',
        replace: 'run(new AbortController().signal, 60_000)',
      },
    ),
  },
})
