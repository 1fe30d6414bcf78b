import { describe, expect, test } from '../harness/index.ts'
import { CHANGES, faultSurvives, signOffParts, signOffTwice } from './vocabulary/parts.ts'

describe('D1.0 A gate on several machines', { timeout: 170_000 }, () => {
  test('D1.0.6 two parts give the record that one machine gives', async ({ sharedProject }) => {
    const { joined, whole } = await signOffTwice(sharedProject)

    expect(joined).toEqual(whole)
    expect(joined).toMatchObject({
      verdict: 'SCOPED',
      exitCode: 0,
      scope: 'full',
      counts: { passed: 5, failed: 0, notRun: 0 },
    })
  })

  test('D1.0.6 each part injects other faults, and together they inject all', async ({ sharedProject }) => {
    const { caughtByPart } = await signOffTwice(sharedProject)

    expect(caughtByPart.map((caught) => caught.length)).toEqual([2, 2])
    expect(caughtByPart.flat().sort()).toEqual(['B1.1.1', 'B1.1.2', 'B1.1.3', 'B1.1.4'])
  })

  test.for(CHANGES)('D1.0.6 it is refused when %s', async ([, reason, change], { sharedProject }) => {
    const { exitCode, stderr } = await signOffParts(sharedProject, change)

    expect(exitCode).toBe(3)
    expect(stderr).toContain(`part: ${reason}`)
  })

  test('D1.0.6 a part that failed fails the whole', async ({ sharedProject }) => {
    const { exitCode, stdout } = await signOffParts(sharedProject, faultSurvives)

    expect(exitCode).toBe(2)
    expect(stdout).toContain('npm run prove ended with exit code 1')
  })
})
