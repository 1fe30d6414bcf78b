import { describe, expect, test } from '../harness/index.ts'
import { commandsOf, loggedCalls, logScripts, runGate } from './vocabulary/gate.ts'
import { CHANGES, specsFail } from './vocabulary/part-changes.ts'
import { closePartWithLeftover, signOffOnGitHub, signOffParts, signOffTwice } from './vocabulary/parts.ts'
import { PULL_REQUEST } from './vocabulary/workflows.ts'

describe('D1.0 A gate on several machines', { timeout: 170_000 }, () => {
  test.for(CHANGES)('D1.0.6 it is refused when %s', async ([, reason, change], { sharedProject }) => {
    const { exitCode, stderr } = await signOffParts(sharedProject, change)

    expect(exitCode).toBe(3)
    expect(stderr).toContain(`part: ${reason}`)
  })

  test('D1.0.6 a part that failed fails the whole', async ({ sharedProject }) => {
    const { exitCode, stdout } = await signOffParts(sharedProject, specsFail)

    expect(exitCode).toBe(3)
    expect(stdout).toContain('Vitest ended with exit code 1')
  })

  test('D1.0.6 what the run of a part left behind is removed, and is no part', async ({ sharedProject }) => {
    expect(await closePartWithLeftover(sharedProject)).toEqual({ exitCode: 3, isPart: false, isLeft: false })
  })

  test('D1.0.6 two parts give the record of one machine, whichever began first, also after an earlier join, share the faults, and forget none', async ({
    project,
  }) => {
    const { caughtByPart, joined, uncaughtExit, whole } = await signOffTwice(project)

    expect(joined).toEqual(whole)
    expect(joined).toMatchObject({
      verdict: 'ACCEPTED',
      exitCode: 0,
      scope: 'full',
      counts: { passed: 5, failed: 0, notRun: 0 },
    })
    expect(joined).toMatchObject({
      environment: [expect.stringMatching(/^postgres /), expect.stringMatching(/^redis /)],
    })
    expect(caughtByPart.map((caught) => caught.length)).toEqual([2, 2])
    expect(new Set(caughtByPart.flat()).size).toBe(4)
    expect(uncaughtExit).toBe(2)
  })

  test('D1.0.6 the record of a pull request is SCOPED and names its commits, that of a tag is accepted', async ({
    project,
  }) => {
    const { pull, tag } = await signOffOnGitHub(project)

    expect(pull).toMatchObject({ verdict: 'SCOPED', pullRequest: PULL_REQUEST })
    expect(tag).toMatchObject({ verdict: 'ACCEPTED' })
    expect(tag).not.toHaveProperty('pullRequest')
  })

  test('D1.0.6 the gate gives its part to the specs and the faults, and joins the parts in the sign-off', async ({
    project,
  }) => {
    const commands = await commandsOf(project, '--shard', '2/4', '--parts')

    expect(commands).toMatchObject({
      acceptance: ['scripts/accept.sh specs --shard 2/4'],
      faults: ['scripts/accept.sh faults --first --shard 2/4'],
      'sign-off': ['scripts/accept.sh sign-off --so-far --parts'],
    })
  })

  test('D1.0.6 a run of the gate hands on its part, and that there are parts to join', async ({
    project,
  }) => {
    await logScripts(project, ['accept'])

    const runs = [
      await runGate(project, ['--only', 'acceptance', '--shard', '2/4']),
      await runGate(project, ['--only', 'faults', '--shard', '2/4']),
      await runGate(project, ['--only', 'sign-off', '--parts']),
    ]

    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0])
    expect(loggedCalls(project)).toEqual([
      'accept specs --shard 2/4',
      'accept faults --first --shard 2/4',
      'accept sign-off --so-far --parts',
    ])
  })
})
