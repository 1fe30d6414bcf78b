import { edit, faults } from '../harness/setup.ts'

export default faults({
  'E1.0.2': {
    'a round has no limit': edit('ops/stats/program.ts', '  }, milliseconds)', '  }, 600_000)'),
    'the limit ends at the first byte of an answer': edit(
      'ops/stats/program.ts',
      '    stop.abort()\n',
      `    const { _getActiveHandles: handles } = process as unknown as Record<string, () => { bytesRead?: number }[]>
    if (handles?.().some(({ bytesRead = 0 }) => bytesRead > 0)) return
    stop.abort()\n`,
    ),
    'the limit that was given is ignored': edit(
      'ops/stats/program.ts',
      'print(await measureWithin(measurement, timeout * 1000))',
      'print(await measureWithin(measurement, 10_000))',
    ),
    'without an option a script waits for twenty seconds': edit(
      'ops/stats/options.ts',
      "numberBetween(1, 60, 'seconds').default(10)",
      "numberBetween(1, 60, 'seconds').default(20)",
    ),
    'without an option a script waits for five seconds': edit(
      'ops/stats/options.ts',
      "numberBetween(1, 60, 'seconds').default(10)",
      "numberBetween(1, 60, 'seconds').default(5)",
    ),
    'a Redis that is busy is called gone': edit(
      'ops/stats/cache.ts',
      '  if (/^(?:BUSY|LOADING)/.test(message)) return slow(server, message)\n',
      '',
    ),
    'a query that takes too long is called no answer': edit(
      'ops/stats/database.ts',
      '      statementTimeoutMs: serverMs,\n',
      '',
    ),
    'a paused server is called gone': edit(
      'ops/stats/database.ts',
      '? noAnswer(server, milliseconds) :',
      '? gone(server, message) :',
    ),
    'a database that accepts the login and then answers nothing is called gone and not without an answer':
      edit('ops/stats/database.ts', '/timeout/i.test(message)', '/^timeout/i.test(message)'),
    'a server that hangs is called gone': edit(
      'ops/stats/database.ts',
      'if (CANCELLED.includes(code)) return slow(',
      'if (CANCELLED.includes(code)) return gone(',
    ),
  },
})
