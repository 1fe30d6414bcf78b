import { edit, faults } from '../harness/setup.ts'

export default faults({
  'E1.0.2': {
    'a round has no limit': edit('ops/stats/program.ts', '  }, milliseconds)', '  }, 600_000)'),
    'a paused server is called gone': edit(
      'ops/stats/database.ts',
      '? noAnswer(server, milliseconds) :',
      '? gone(server, message) :',
    ),
  },
})
