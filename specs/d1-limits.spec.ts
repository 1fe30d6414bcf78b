import { describe, expect } from '../harness/index.ts'
import { test } from './vocabulary/backups.ts'
import { gateSteps } from './vocabulary/gate.ts'
import { endOfHangingTest, limitOf, sumOf, waitsOf } from './vocabulary/script-limits.ts'
import { BACKUP_VERIFICATION, writtenSteps } from './vocabulary/workflows.ts'

const SET_UP = 'scripts/setup-dev-environment.sh --yes'
/** They only start a program of Node. Its limits are in TypeScript, and nothing adds them up. */
const OF_NODE = [SET_UP, 'scripts/smoke.sh', 'scripts/migrate.sh apply', 'scripts/migrate.sh status']

const NOT_TYPED = { line: '', exitCode: -1, seconds: [] }

describe('D1.0 The limits inside of a step', { timeout: 120_000 }, () => {
  test('D1.0.2 whatever a step of the gate waits for, all of it together ends before the step', async ({
    project,
  }) => {
    const steps = await gateSteps(project, '--shard', '2/4', '--parts')
    const scripts = steps.flatMap(({ name, seconds, commands }) =>
      commands.map((words) => ({ name, limit: seconds, line: words.join(' ') })),
    )
    const own = scripts.filter(({ line }) => line.startsWith('scripts/'))

    const waits = await waitsOf(
      project,
      own.map(({ line }) => line),
    )

    expect(waits.filter(({ exitCode }) => exitCode !== 0)).toEqual([])
    expect(waits.filter(({ seconds }) => seconds.length === 0).map(({ line }) => line)).toEqual([
      ...OF_NODE,
      'scripts/seed.sh all',
    ])
    const longer = own.filter(({ limit }, at) => sumOf(waits[at]?.seconds ?? []) >= limit)
    expect(longer).toEqual([])
  })

  test('D1.0.2 each step of the weekly verification has a limit of its own, which ends before that of the workflow', async ({
    project,
  }) => {
    const steps = writtenSteps(project, BACKUP_VERIFICATION).filter(({ run }) => run !== undefined)

    const waits = await waitsOf(
      project,
      steps.map(({ run }) => run ?? ''),
    )

    // Where nothing answers, no commit has a version.
    const failed = waits.filter(({ exitCode }) => exitCode !== 0).map(({ line }) => line)
    expect(failed).toEqual(['scripts/check-actions.sh'])
    expect(waits.filter((wait) => limitOf(wait) === undefined).map(({ line }) => line)).toEqual([SET_UP])
    const late = steps.filter(
      (step, at) => (limitOf(waits[at] ?? NOT_TYPED) ?? 0) >= Number(step['timeout-minutes']) * 60,
    )
    expect(late).toEqual([])
  })

  test('D1.0.2 a restore test that hangs is ended by its own limit', async ({ startJob }) => {
    const job = await startJob()
    const { exitCode } = await job.run(['backup'])

    const hanging = await endOfHangingTest(job)
    const next = await job.run(['restore-test'])

    expect([exitCode, hanging, next.exitCode]).toEqual([0, 124, 0])
  })
})
