import { describe, expect, test } from '../harness/index.ts'
import { problemsOf } from './vocabulary/fences.ts'
import { moveToAnotherMachine, operationsOf, runOperation } from './vocabulary/runbooks.ts'

const OPERATIONS = [
  'Daily look',
  'Add a migration',
  'Rotate a secret',
  'Upgrade an image',
  'Grow a volume',
  'On call',
]
const MOVE = 'Move to another machine'
describe('H1.1 The operations runbook', { timeout: 590_000 }, () => {
  test('H1.1.2 it has these sections and no other', async ({ sharedProject }) => {
    expect(operationsOf(sharedProject)).toEqual([...OPERATIONS, MOVE])
  })

  test.for(OPERATIONS)('H1.1.2 every command of "%s" runs as written', async (section, { sharedProject }) => {
    const runs = await runOperation(sharedProject, section)

    expect(problemsOf(runs)).toEqual([])
  })

  test(`H1.1.2 every command of "${MOVE}" runs as written, where nothing of the stack is left`, async ({
    project,
  }) => {
    const runs = await moveToAnotherMachine(project)

    expect(problemsOf(runs)).toEqual([])
    expect(runs).toHaveLength(3)
  })
})
