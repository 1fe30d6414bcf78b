import { describe, expect } from '../harness/index.ts'
import { test } from './vocabulary/backups.ts'
import { runAgainstSilence, SILENT_CALLS, shortenCheck } from './vocabulary/silent-backups.ts'
import {
  CALLS,
  commandsInManuals,
  endsWithin,
  LOOK_FOR_THE_STACK,
  runAllAgainst,
  SERVERS,
  serveSilentEngine,
  serveTheStartAlone,
  shortenLimits,
  WITHIN_A_MINUTE,
} from './vocabulary/silent-servers.ts'

/** Under a fault each call is waited for until it is killed. */
const SLOW = { timeout: 400_000 }

describe('A1.4 Scripts and servers that do not answer', SLOW, () => {
  test.for(SERVERS)(
    'A1.4.5 every script ends within its limit where a server %s',
    async ([what, serve], { project }) => {
      await using server = await serve()

      const ends = await runAllAgainst(project, server)

      expect(ends).toEqual(CALLS.map((line) => endsWithin(line, server, what)))
    },
  )

  test('A1.4.5 a script ends within its limit where a server stops answering in the middle', async ({
    project,
  }) => {
    await using server = await serveTheStartAlone()
    await shortenLimits(project)

    const ends = await runAllAgainst(project, server, WITHIN_A_MINUTE)

    expect(ends).toEqual(WITHIN_A_MINUTE.map((line) => endsWithin(line, server, 'stops')))
  })

  test('A1.4.5 a script that looks for its stack ends within its limit where the engine is silent', async ({
    project,
  }) => {
    await using engine = await serveSilentEngine()

    const ends = await runAllAgainst(project, engine, LOOK_FOR_THE_STACK)

    expect(ends).toEqual(LOOK_FOR_THE_STACK.map((line) => endsWithin(line, engine, 'looks')))
  })

  test('A1.4.5 a command of the backups ends within its limit where its store or its database answers nothing, from the start or in the middle', async ({
    startJob,
    project,
    db,
  }) => {
    await shortenCheck(project)
    const job = await startJob()

    const ends = await runAgainstSilence(job, db)

    const isBounded = { exitCode: 3, wasAsked: true }
    expect(ends).toEqual(SILENT_CALLS.map(([command, server]) => ({ command, server, ...isBounded })))
  })

  test('A1.4.5 every command of a database that a manual names is asked', async ({ project }) => {
    const commands = await commandsInManuals(project)

    expect(commands.length).toBeGreaterThan(8)
    expect(CALLS).toEqual(expect.arrayContaining(commands))
  })
})
