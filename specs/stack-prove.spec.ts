import { commitAll } from '../config/git.ts'
import { describe, expect, test } from '../harness/index.ts'
import {
  criterion,
  faults,
  otherCriterion,
  otherPassing,
  passing,
  specOf,
  specs,
  twoFaults,
  unknownWords,
  verdictsOfFaults,
} from './vocabulary/fault-samples.ts'
import {
  appendTo,
  databasesLeasedByProve,
  prove,
  startRun,
  writeFaults,
  writeMark,
  writeSpecs,
} from './vocabulary/runs.ts'

describe('npm run prove', () => {
  test('distinguishes a caught fault from everything that looks like one', async ({ project }) => {
    await writeSpecs(project, ...specs)
    await writeFaults(project, faults)

    const { exitCode, total, verdicts } = await prove(project, 'B1.1', 'B1.2')

    expect(verdicts).toEqual(verdictsOfFaults)
    expect(total).toMatchObject({ caught: 5, notCaught: 6, withoutFault: [] })
    expect(exitCode).toBe(1)
  })

  test('takes the last run of the specs as its baseline while nothing has changed', async ({ project }) => {
    await writeSpecs(project, passing.spec)
    await writeFaults(project, passing.fault)
    commitAll(project.root)
    await startRun(project).ended()

    const { total } = await prove(project, '--after-specs', 'B1')
    const leased = await databasesLeasedByProve(project)
    await writeMark(project, 2)
    await prove(project, '--after-specs', 'B1')

    expect(total).toMatchObject({ caught: 1, notCaught: 0 })
    expect([leased, await databasesLeasedByProve(project)]).toEqual([1, 2])
  })

  test('injects a fault again when its spec or the product has changed, and with --all', {
    timeout: 180_000,
  }, async ({ project }) => {
    await writeSpecs(project, passing.spec)
    await writeFaults(project, passing.fault)
    const injected = async (...args: string[]) => Object.keys((await prove(project, ...args)).verdicts).length

    expect(await injected()).toBe(1)
    expect((await prove(project)).total).toMatchObject({ caught: 0, caughtBefore: 1, notCaught: 0 })
    expect(await injected('--all')).toBe(1)
    await writeMark(project, 2)
    expect(await injected()).toBe(1)
    await appendTo(project, 'specs/nested-0.spec.ts', '// changed')
    expect(await injected()).toBe(1)
  })

  test('names a criterion that has a spec and no fault', async ({ project }) => {
    await writeSpecs(project, specOf(1))

    const { exitCode, total } = await prove(project, 'B1')

    expect(total).toMatchObject({ caught: 0, notCaught: 0, withoutFault: [criterion] })
    expect(exitCode).toBe(2)
  })

  test('injects only the faults that contain the args of --fault', async ({ project }) => {
    await writeSpecs(project, specOf(1))
    await writeFaults(project, twoFaults)

    const { total, verdicts } = await prove(project, '--fault', 'Table is')

    expect(total).toMatchObject({ caught: 0, notCaught: 1 })
    expect(verdicts).toEqual({ [criterion]: 'unreached' })
  })

  test('injects no fault of a criterion whose spec fails without one, names it, and tests the others', async ({
    project,
  }) => {
    await writeSpecs(project, specOf(2), otherPassing.spec)
    await writeFaults(project, `${passing.fault}, ${otherPassing.fault}`)

    const { exitCode, stderr, total, verdicts } = await prove(project)

    expect(exitCode).toBe(3)
    expect(stderr).toContain(criterion)
    expect(verdicts).toEqual({ [criterion]: undefined, [otherCriterion]: 'caught' })
    expect(total).toMatchObject({ caught: 1, notCaught: 1 })
  })

  test.for(unknownWords.map((word) => [word]))('refuses %s by name', async ([word = ''], { project }) => {
    const { exitCode, stderr } = await project.run('node_modules/.bin/node', ['harness/proof/prove.ts', word])

    expect(exitCode).toBe(2)
    expect(stderr.split('\n')).toHaveLength(1)
    expect(stderr).toContain(word)
  })
})
