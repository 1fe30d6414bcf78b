import { describe, expect, test } from '../harness/index.ts'
import { counted, expected, faults, proven, provenBy, specs, unknown } from './vocabulary/planting.ts'
import {
  commitAll,
  giveFaults,
  giveMark,
  giveSpecs,
  leasesOfProving,
  prove,
  startRun,
} from './vocabulary/runs.ts'

describe('Planting a fault', () => {
  test('tells what was caught from everything that only looks like it', async ({ project }) => {
    await giveSpecs(project, ...specs)
    await giveFaults(project, faults)

    const { exitCode, total, verdicts } = await prove(project, 'B1.1', 'B1.2')

    expect(verdicts).toEqual(expected)
    expect(total).toMatchObject({ caught: 5, notCaught: 6, bare: [] })
    expect(exitCode).toBe(1)
  })

  test('takes the specs as they have just run for its baseline, while nothing has changed', async ({
    project,
  }) => {
    await giveSpecs(project, counted.spec)
    await giveFaults(project, counted.fault)
    commitAll(project)
    await startRun(project).ended()

    const { total } = await prove(project, '--after-specs', 'B1')
    const leases = await leasesOfProving(project)
    await giveMark(project, 2)
    await prove(project, '--after-specs', 'B1')

    expect(total).toMatchObject({ caught: 1, notCaught: 0 })
    expect([leases, await leasesOfProving(project)]).toEqual([1, 2])
  })

  test('names a criterion that has a spec and no fault', async ({ project }) => {
    await giveSpecs(project, provenBy(1))

    const { exitCode, total } = await prove(project, 'B1')

    expect(total).toMatchObject({ caught: 0, notCaught: 0, bare: [proven] })
    expect(exitCode).toBe(2)
  })

  test('is refused where the spec is red without a fault', async ({ project }) => {
    await giveSpecs(project, provenBy(2))

    const { exitCode, stderr } = await project.run('node_modules/.bin/node', ['harness/proof/prove.ts'])

    expect(exitCode).toBe(3)
    expect(stderr).toContain('It is not green without a fault: B1.1.1 holds')
  })
})

describe('Asking for a proof', () => {
  test.for(unknown.map((word) => [word]))('of %s is refused by name', async ([word = ''], { project }) => {
    const { exitCode, stderr } = await project.run('node_modules/.bin/node', ['harness/proof/prove.ts', word])

    expect(exitCode).toBe(2)
    expect(stderr.split('\n')).toHaveLength(1)
    expect(stderr).toContain(word)
  })
})
