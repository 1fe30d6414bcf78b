import { describe, expect, test } from '../harness/index.ts'
import { infoWith, LOADING, serveFakeCache } from './vocabulary/fake-cache.ts'
import { numbersByLine, runAs } from './vocabulary/stats.ts'

describe('E1.0 The states of a cache', () => {
  test.for([
    ['nothing that was asked for was there', { hits: 0, misses: 3 }, [0, 0, 3]],
    ['nobody has asked for a key', { hits: 0, misses: 0 }, [0, 0]],
    ['everything that was asked for was there', { hits: 3, misses: 0 }, [100, 3, 0]],
  ] as const)(
    'E1.0.1 the text of cache-stats has the hit rate and its counts where %s',
    async ([, counts, numbers], { project }) => {
      await using cache = await serveFakeCache(infoWith(counts))

      const { exitCode, stdout, stderr } = await runAs(project, 'cache-stats', cache, 'monitor')

      expect(exitCode, stderr).toBe(0)
      expect(numbersByLine(stdout)['hit rate']).toEqual(numbers)
    },
  )

  test('E1.0.2 cache-stats ends in time where the server is loading its data, and says which', async ({
    project,
  }) => {
    await using cache = await serveFakeCache(LOADING)

    const { exitCode, stdout } = await runAs(project, 'cache-stats', cache, 'monitor', ['--json'])

    expect(exitCode).toBe(124)
    expect(JSON.parse(stdout).error.state).toBe('slow')
  })
})
