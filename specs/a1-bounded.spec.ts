import { describe, expect, test } from '../harness/index.ts'
import { endsWithin, runAllAgainst, SERVERS } from './vocabulary/silent-servers.ts'

describe('A1.4 Scripts and servers that do not answer', () => {
  test.for(SERVERS)(
    'A1.4.5 every script ends within its limit where a server %s',
    async ([, serve], { project }) => {
      await using server = await serve()

      const ends = await runAllAgainst(project, server)

      expect(ends).toEqual(ends.map(({ script }) => endsWithin(script)))
      expect(ends.map(({ script }) => script)).toEqual(
        expect.arrayContaining(['migrate.sh', 'seed.sh', 'audit.sh', 'smoke.sh']),
      )
    },
  )
})
