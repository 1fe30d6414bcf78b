import { describe, expect, test } from '../harness/index.ts'
import { problemsOf } from './vocabulary/fences.ts'
import { PLAN_COMMANDS } from './vocabulary/plan.ts'
import { DRILLS, drillTable, OPERATIONS, runDrill, runOperation, typeCommand } from './vocabulary/runbooks.ts'

describe('H1.1 The runbooks', { timeout: 590_000 }, () => {
  test.for(OPERATIONS)('H1.1.2 every command of "%s" runs as written', async (section, { sharedProject }) => {
    const runs = await runOperation(sharedProject, section)

    expect(problemsOf(runs)).toEqual([])
    expect(runs).not.toEqual([])
  })

  test.for(PLAN_COMMANDS)(
    'H1.3.2 %s does what the plan says',
    async ([command, output], { sharedProject }) => {
      const typed = await typeCommand(sharedProject, command)

      expect(typed.exitCode, typed.stderr).toBe(0)
      expect(typed.stdout + typed.stderr).toMatch(output)
    },
  )
})

describe('H1.2 The recovery drills', { timeout: 590_000 }, () => {
  test('H1.2.1 there is one for each loss, and each states its time', async ({ sharedProject }) => {
    const table = drillTable(sharedProject)

    expect(Object.keys(table)).toEqual(DRILLS)
    expect(Object.values(table).map(({ stated }) => [stated])).toEqual(
      Object.values(table).map(({ limits }) => limits),
    )
  })

  test.for(DRILLS)(
    'H1.2.1 "%s" runs as written, and restores within its stated time',
    async (drill, { sharedProject }) => {
      const { runs, restored } = await runDrill(sharedProject, drill)

      expect(problemsOf(runs)).toEqual([])
      expect(restored.seconds).toBeLessThanOrEqual(restored.stated)
      expect(runs.length).toBeGreaterThan(1)
    },
  )
})
