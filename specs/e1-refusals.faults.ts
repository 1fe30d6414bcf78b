import { edit, faults } from '../harness/setup.ts'

const DATABASE = 'ops/stats/database.ts'

export default faults({
  'E1.0.2': {
    'a server that has no connection left is not told from one that refuses the login': edit(
      DATABASE,
      '  if (code === FULL) return full(server, message)\n',
      '',
    ),
    'a server that is full ends a script as one that gives no answer': edit(
      DATABASE,
      'exitCode: EXIT.unreachable,',
      'exitCode: EXIT.outOfTime,',
    ),
    'a wrong password is a lost connection, and the query of a figure that is refused a stack': edit(
      DATABASE,
      'if (isSqlError(cause)) return refused(server, cause)',
      'if (isSqlError(cause)) return error as CliError',
    ),
    'a server that refuses a login is called gone': edit(
      DATABASE,
      'if (isSqlError(cause)) return refused(server, cause)',
      'if (isSqlError(cause)) return gone(server, code)',
    ),
    'a query that is refused has no state': edit(
      DATABASE,
      "facts: { state: 'refused', sqlstate: code }",
      'facts: { sqlstate: code }',
    ),
  },
})
