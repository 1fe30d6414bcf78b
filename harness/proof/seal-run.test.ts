// Each exit code of the seal, for each of its causes.
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { criterion, list } from './sample-data.ts'
import { endSeals, leftover, prepareSeals, seal } from './seal-fixture.ts'

beforeAll(prepareSeals)
afterAll(endSeals)
afterEach(() => vi.unstubAllEnvs())

const proven = list.criteria.map(({ id }) => criterion(id, 'proven'))

describe('the seal ends with', () => {
  test('0 for a full run, all proven and seen red, on a clean tree', async () => {
    const { exitCode, record } = await seal({})

    expect(exitCode).toBe(0)
    expect(record).toMatchObject({
      verdict: 'ACCEPTED',
      reasons: [],
      seenRed: { 'B1.1.1/gone': { description: 'gone' } },
    })
  })

  test('0 with --so-far for criteria without a spec, which it does not accept', async () => {
    const criteria = [...proven.slice(1), criterion('B1.1.1', 'missing')]

    const { exitCode, record } = await seal({ run: { criteria }, words: ['--so-far'] })

    expect(exitCode).toBe(0)
    expect(record).toMatchObject({ verdict: 'SCOPED' })
  })

  test('1 for a broken criterion', async () => {
    const { exitCode, record } = await seal({ run: { criteria: [criterion('B1.1.1', 'broken', 'failed')] } })

    expect(exitCode).toBe(1)
    expect(record).toMatchObject({ verdict: 'REJECTED', reasons: ['broken: B1.1.1'] })
  })

  test('2 for an objection to the contract', async () => {
    const objections = [{ against: 'contract', why: 'no such criterion: X1.1.1' }] as const

    expect((await seal({ run: { objections: [...objections] } })).exitCode).toBe(2)
  })

  test('2 for a missing criterion', async () => {
    expect(
      (await seal({ run: { criteria: [...proven.slice(1), criterion('B1.1.1', 'missing')] } })).exitCode,
    ).toBe(2)
  })

  test('2 for a criterion never seen red', async () => {
    const { exitCode, record } = await seal({ seenRed: ['B1.1.1'] })

    expect(exitCode).toBe(2)
    expect(record).toMatchObject({ reasons: ['never seen red: B1.1.2 C1.0.1'] })
  })

  test('2 for a criterion that was seen red with another spec', async () => {
    expect((await seal({ basis: 'old' })).exitCode).toBe(2)
  })

  test('2 for an unknown option', async () => {
    const { exitCode, error } = await seal({ words: ['--sofar'] })

    expect(exitCode).toBe(2)
    expect(error).toContain('--sofar')
  })

  test('3 for what the run left on the engine, which it removes', async () => {
    const { exitCode, record } = await seal({ containers: [leftover] })

    expect(exitCode).toBe(3)
    expect(record).toMatchObject({ reasons: ['left behind: container left'] })
  })

  test.for([
    ['a run that did not end', { state: 'INCOMPLETE' }],
    ['a run of another commit', { subject: { commit: 'other', tree: 't', clean: true } }],
    ['a run of another list', { listHash: 'other' }],
  ] as const)('3 for %s, without a record', async ([, changes]) => {
    const { exitCode, record, error } = await seal({ run: changes })

    expect(exitCode).toBe(3)
    expect(record).toBeUndefined()
    expect(error).toContain('Next: scripts/accept.sh')
  })

  test.for([
    ['without a run', ''],
    ['with half a record', '{"state": "COMP'],
  ] as const)('3 %s', async ([, text]) => {
    expect((await seal({ text })).exitCode).toBe(3)
  })

  test('4 for a scoped run', async () => {
    const { exitCode, record } = await seal({ run: { scope: 'scoped' } })

    expect(exitCode).toBe(4)
    expect(record).toMatchObject({ verdict: 'SCOPED' })
  })

  test('4 for a tree that is not clean', async () => {
    const { exitCode, record } = await seal({ uncommitted: 'a note' })

    expect(exitCode).toBe(4)
    expect(record).toMatchObject({ reasons: ['the tree is not clean'] })
  })

  test('4 for a pull request, whose commits it names', async () => {
    const pullRequest = { head: 'a branch', base: 'main' }
    vi.stubEnv('EVENT', 'pull_request')
    vi.stubEnv('HEAD_SHA', pullRequest.head)
    vi.stubEnv('BASE_SHA', pullRequest.base)

    const { exitCode, record } = await seal({})

    expect(exitCode).toBe(4)
    expect(record).toMatchObject({ verdict: 'SCOPED', pullRequest })
  })

  test('124 for specs that ran out of time', async () => {
    expect((await seal({ run: { state: 'INCOMPLETE' }, words: ['--specs-exit', '124'] })).exitCode).toBe(124)
  })
})
