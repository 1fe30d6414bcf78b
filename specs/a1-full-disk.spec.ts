import { describe, expect, test } from '../harness/index.ts'
import { buildImages } from './vocabulary/compose.ts'
import { nameOf } from './vocabulary/containers.ts'
import { fullVolumes, withFullDatabaseDisk } from './vocabulary/full-disk.ts'
import { runSetup, tearDown } from './vocabulary/setup.ts'
import { completeState, inspectStack } from './vocabulary/stack-state.ts'

/** The engine starts the database again and again, and waits longer each time: only one that runs can be looked into. */
const UNTIL_STARTED_AGAIN = { timeout: 120_000, interval: 100 }

describe('A1.0 The set-up on a full disk', { timeout: 300_000 }, () => {
  test('A1.0.1 where the disk of the database is full the set-up fails and the doctor names its container, and with room the set-up completes the stack', async ({
    project,
  }) => {
    await buildImages(project)

    const during = await withFullDatabaseDisk(project, async () => {
      const failed = await runSetup(project)
      const full = [nameOf(project, 'postgres')]
      await expect.poll(() => fullVolumes(project), UNTIL_STARTED_AGAIN).toEqual(full)
      return failed
    })
    await tearDown(project, '--data')
    const after = await runSetup(project)

    expect(during).toMatchObject({ exitCode: 1, done: false, lastLine: expect.stringContaining('postgres') })
    expect(after, after.lastLine).toMatchObject({ exitCode: 0, done: true })
    expect(await inspectStack(project)).toEqual(completeState(project))
  })
})
