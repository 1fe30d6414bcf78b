import { describe, expect, test } from '../harness/index.ts'
import { commandsOf } from './vocabulary/gate.ts'
import { CHANGES, signOffParts, signOffTwice, specsFail } from './vocabulary/parts.ts'

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

  test('D1.0.6 two parts give the record that one machine gives, share the faults, and forget none', async ({
    project,
  }) => {
    const { caughtByPart, joined, uncaughtExit, whole } = await signOffTwice(project)

    expect(joined).toEqual(whole)
    expect(joined).toMatchObject({ exitCode: 0, scope: 'full', counts: { passed: 5, failed: 0, notRun: 0 } })
    expect(caughtByPart.map((caught) => caught.length)).toEqual([2, 2])
    expect(new Set(caughtByPart.flat()).size).toBe(4)
    expect(uncaughtExit).toBe(2)
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
})
