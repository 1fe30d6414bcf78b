import { describe, expect, test } from '../harness/index.ts'
import { fencesNotRun, problemsOf } from './vocabulary/fences.ts'
import {
  MOVE,
  missedBlocks,
  moveToAnotherMachine,
  OPERATIONS,
  OPERATIONS_FILE,
  operationsOf,
  runOperation,
} from './vocabulary/runbooks.ts'

describe('H1.1 The operations runbook', { timeout: 590_000 }, () => {
  test('H1.1.2 it has these sections and no other, and every block of them is run', async ({
    sharedProject,
  }) => {
    expect(operationsOf(sharedProject)).toEqual([...OPERATIONS, MOVE])
    expect(fencesNotRun(sharedProject, OPERATIONS_FILE)).toEqual([])
  })

  test.for(OPERATIONS)('H1.1.2 every command of "%s" runs as written', async (section, { sharedProject }) => {
    const runs = await runOperation(sharedProject, section)

    expect(problemsOf(runs)).toEqual([])
    expect(missedBlocks(sharedProject, OPERATIONS_FILE, section, runs)).toEqual([])
  })

  test(`H1.1.2 every command of "${MOVE}" runs as written, where nothing of the stack is left`, async ({
    project,
  }) => {
    const runs = await moveToAnotherMachine(project)

    expect(problemsOf(runs)).toEqual([])
    expect(missedBlocks(project, OPERATIONS_FILE, MOVE, runs)).toEqual([])
  })
})
