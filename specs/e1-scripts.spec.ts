import { describe, expect, test } from '../harness/index.ts'
import { brokenServer, runAs } from './vocabulary/stats.ts'

describe('E1.0 Scripts of an on-call person', () => {
  test.for([
    ['db-stats', 'gone', 3],
    ['slow-queries', 'gone', 3],
    ['cache-stats', 'gone', 3],
    ['db-stats', 'paused', 124],
    ['slow-queries', 'paused', 124],
    ['cache-stats', 'paused', 124],
  ] as const)(
    'E1.0.2 %s ends in time where the server is %s, and says which',
    async ([script, kind, code], { project }) => {
      await using server = await brokenServer(kind)

      const { exitCode, stderr } = await runAs(project, script, server, 'hma_monitor')

      expect([exitCode, stderr]).toEqual([
        code,
        expect.stringContaining({ gone: 'is gone', paused: 'gives no answer within' }[kind]),
      ])
    },
  )
})
