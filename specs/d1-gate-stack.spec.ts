import { describe, expect, test } from '../harness/index.ts'
import { takePort } from './vocabulary/doctor.ts'
import { statesOf } from './vocabulary/gate.ts'
import { ABOVE_DEV, leftOfGate, ON_STACK, runOnStack } from './vocabulary/gate-stack.ts'
import { leftovers, NOTHING_LEFT } from './vocabulary/stack-state.ts'
import { typeVerification } from './vocabulary/verification.ts'

describe('D1.1 The gate with its real steps', { timeout: 180_000 }, () => {
  test('D1.1.3 set-up, smoke, migrations and seeds pass on a stack of the gate, of which nothing is left', async ({
    sharedProject,
  }) => {
    const run = await runOnStack(sharedProject)

    expect(run.exitCode, run.stderr).toBe(0)
    expect(statesOf(run)).toEqual(Object.fromEntries(ON_STACK.map((name) => [name, 'passed'])))
    expect(await leftOfGate(sharedProject)).toEqual(NOTHING_LEFT)
  })

  test('D1.1.3 where the real set-up fails, the gate fails, and does nothing after it but the teardown', async ({
    sharedProject,
  }) => {
    await using taken = await takePort('127.0.0.1')

    const run = await runOnStack(sharedProject, { HMA_REDIS_PORT: `${Number(taken.port) - ABOVE_DEV}` })

    expect(run.exitCode, run.stderr).toBe(3)
    expect(statesOf(run)).toEqual({
      'set-up': 'failed',
      smoke: 'not run',
      migrations: 'not run',
      seeds: 'not run',
      teardown: 'passed',
    })
    expect(await leftOfGate(sharedProject)).toEqual(NOTHING_LEFT)
  })

  test('D1.2.1 the steps of the weekly verification, typed in a checkout of an alpha tag, set up, back up, restore and leave nothing', async ({
    project,
  }) => {
    const exitCodes = await typeVerification(project)

    expect(exitCodes).toEqual({ 'Set-up': 0, Backup: 0, 'Restore test': 0, Teardown: 0 })
    expect(await leftovers(project, 'dev')).toEqual(NOTHING_LEFT)
  })
})
