import { matchesGlob } from 'node:path'
import { describe, expect, test } from '../harness/index.ts'
import { GATE, interpolate, workflowOf } from './vocabulary/workflows.ts'

/** Where scripts/accept.sh writes a part, and looks for all of them. */
const PARTS = '.signoff/parts/'

describe('D1.0 The machines of the workflow', () => {
  test('D1.0.6 they run every part of one whole, each once, whatever becomes of another', async ({
    sharedProject: project,
  }) => {
    const { env = {}, name = '', strategy } = workflowOf(project, GATE).jobs.acceptance ?? {}
    const numbers = strategy?.matrix.part ?? []
    const count = numbers.length

    const parts = numbers.map((part) => interpolate(env.PART ?? '', { matrix: { part } }))
    const names = numbers.map((part) => interpolate(name, { matrix: { part } }))

    const all = Array.from({ length: count }, (_, at) => at + 1)
    expect(count).toBeGreaterThan(1)
    expect(strategy).toEqual({ 'fail-fast': false, matrix: { part: all } })
    expect(parts).toEqual(all.map((part) => `${part}/${count}`))
    expect(names).toEqual(all.map((part) => `Acceptance ${part} of ${count}`))
  })

  test('D1.0.6 each keeps what it found under a name of its own, and the sign-off fetches all of them before it joins', async ({
    sharedProject: project,
  }) => {
    const { jobs } = workflowOf(project, GATE)
    const keep = jobs.acceptance?.steps.at(-1)
    const fetchAndJoin = jobs['sign-off']?.steps.slice(2, 4) ?? []
    const parts = jobs.acceptance?.strategy?.matrix.part ?? []

    const names = parts.map((part) => interpolate(String(keep?.with.name), { matrix: { part } }))

    const kept = {
      name: expect.any(String),
      path: PARTS,
      'include-hidden-files': true,
      'if-no-files-found': 'error',
    }
    expect(keep?.with).toEqual(kept)
    expect(fetchAndJoin.map((step) => step.with)).toEqual([
      { pattern: 'part-*', path: PARTS, 'merge-multiple': true },
      {},
    ])
    expect(fetchAndJoin.at(-1)?.run).toBe('scripts/gate.sh --only sign-off --parts')
    expect(new Set(names).size).toBe(parts.length)
    expect(names.filter((name) => !matchesGlob(name, 'part-*'))).toEqual([])
  })
})
