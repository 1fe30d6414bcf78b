import { describe, expect, test } from '../harness/index.ts'
import { alter, giveMark, giveSpecs, startRun } from './vocabulary/runs.ts'

const asks = `test('asks', async ({ db }) => { expect(await db.count('mark')).toBe(1) })`
const waits = `test('waits', async ({ db }) => { say('amid'); await expect(db.query('select pg_sleep(50)')).toBeAccepted() })`
const looks = `test('looks', async ({ db }) => { expect('mark ' + (await db.value('select n from mark'))).toBe('mark 0') })`
const POSTGRES = 'harness/containers/postgres.ts'
const BUDGET = 'const dataBytes ='

describe('A run that cannot have its stack says why in one line', () => {
  test('with the last words of a server that dies at start', async ({ project }) => {
    await giveSpecs(project, asks)
    await alter(project, POSTGRES, "jit: 'off'", "jit: 'perhaps'")

    const { exitCode, stderr } = await startRun(project).ended()

    expect(exitCode).toBe(3)
    expect(stderr).toMatch(/^stack: postgres died at start with exit code 1\b.* "jit" requires .* Next: /m)
  })

  test('with the last words of a server that has no room to start in', async ({ project }) => {
    await giveSpecs(project, asks)
    await alter(project, POSTGRES, BUDGET, `${BUDGET} 20 * 2 ** 20 ||`)

    const { exitCode, stderr } = await startRun(project).ended()

    expect(exitCode).toBe(3)
    expect(stderr).toMatch(/^stack: postgres died at start with exit code \d+\..* No space left on device/m)
  })

  test('with what there was no room for', async ({ project }) => {
    await giveSpecs(project, asks)
    await alter(project, POSTGRES, BUDGET, `${BUDGET} 52 * 2 ** 20 ||`)

    const { exitCode, stderr } = await startRun(project).ended()

    expect(exitCode).toBe(3)
    expect(stderr).toMatch(
      /^stack: .*(?:53100|No space left on device).* Next: give the container engine more/m,
    )
  })

  test('with how its server ended in mid-run', async ({ project, engineInspector }) => {
    await giveSpecs(project, waits)
    const run = startRun(project)
    await run.hears('amid')

    await engineInspector.kill(`hma-${await run.id()}-postgres`)
    const { exitCode, stderr } = await run.ended()

    expect(exitCode).toBe(3)
    expect(stderr).toMatch(/^stack: postgres died with exit code 137\b.* Next: /m)
  })
})

describe('Watch mode', () => {
  test('gives every test a database of the migrations as they are now', async ({ project }) => {
    await giveSpecs(project, looks)
    const run = startRun(project, { words: ['watch'] })
    await run.prints(/'mark 1' to be 'mark 0'/)

    await giveMark(project, 2)

    await run.prints(/'mark 2' to be 'mark 0'/)
    await run.prints(/kept for you: docker exec/, 2)
  })
})
