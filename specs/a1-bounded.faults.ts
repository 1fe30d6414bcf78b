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
    'the audit job waits for an answer for ever': edit(
      'ops/audit/job.ts',
      '    statementTimeoutMs,\n  })',
      '  })',
    ),
    'the job of the archive waits for an answer for ever': edit(
      'ops/archive/archiver.ts',
      ', statementTimeoutMs: ANSWER_MS }',
      ' }',
    ),
    'the runner waits for an answer for ever': edit(
      'migrations/runner/session.ts',
      '    answerTimeoutMs: ANSWER_MS,\n    refuseSuperuser',
      '    refuseSuperuser',
    ),
    'the loader asks a server again that has not answered': edit(
      'seeds/load.ts',
      "    if (['42P01', '3F000', '22023']",
      "    await client.query('reset role').catch(() => {})\n    if (['42P01', '3F000', '22023']",
    ),
    'a script waits for an engine for ever': edit(
      'config/compose-containers.ts',
      'timeout: WITHIN_MS,',
      'timeout: 0 * WITHIN_MS,',
    ),
    'the scripts of backups wait without an end for a store that accepts a request and answers nothing': edit(
      'ops/backup/store.ts',
      'requestHandler: { connectionTimeout: CONNECT_TIMEOUT_MS, socketTimeout: SILENCE_MS },',
      'requestHandler: { connectionTimeout: CONNECT_TIMEOUT_MS },',
    ),
    'a backup waits without an end for what its database says before it begins': edit(
      'ops/backup/connection.ts',
      'statementTimeoutMs: CHECK_MS, lockTimeoutMs }',
      'lockTimeoutMs }',
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
