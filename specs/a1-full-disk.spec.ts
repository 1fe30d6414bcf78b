import { describe, expect, test } from '../harness/index.ts'
import { buildImages } from './vocabulary/compose.ts'
import { withFullDatabaseDisk } from './vocabulary/full-disk.ts'
import { runSetup, tearDown } from './vocabulary/setup.ts'
import { completeState, inspectStack } from './vocabulary/stack-state.ts'

/** As the doctor names it. */
const FULL = /volumes .* \/var\/lib\/postgresql of \S*-postgres-1\b/

describe('A1.0 The set-up on a full disk', { timeout: 300_000 }, () => {
  test('A1.0.1 where the disk of the database is full the set-up fails and names its volume, and with room it completes the stack', async ({
    project,
  }) => {
    await buildImages(project)

    const during = await withFullDatabaseDisk(project, () => runSetup(project))
    await tearDown(project, '--data')
    const after = await runSetup(project)

    expect(during).toMatchObject({ exitCode: 1, done: false })
    expect(during.stderrLines.filter((line) => FULL.test(line))).toHaveLength(1)
    expect(during.lastLine).toContain('postgres')
    expect(after).toMatchObject({ exitCode: 0, done: true })
    expect(await inspectStack(project)).toEqual(completeState(project))
  })
})
