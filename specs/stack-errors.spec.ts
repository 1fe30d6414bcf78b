import { describe, expect, test } from '../harness/index.ts'
import { replaceText, startRun, writeMark, writeSpecs } from './vocabulary/runs.ts'

const reads = `test('reads', async ({ db }) => { expect(await db.count('mark')).toBe(1) })`
const waits = `test('waits', async ({ db }) => { signal('running'); await expect(db.query('select pg_sleep(50)')).toBeAccepted() })`
const showsMark = `test('shows the mark', async ({ db }) => { expect('mark ' + (await db.value('select n from mark'))).toBe('mark 0') })`
const POSTGRES = 'harness/containers/postgres.ts'
const DATA_BYTES = 'const dataBytes ='

describe('A run without its stack reports the reason in one line', () => {
  test('with the last log lines of a server that dies at start', async ({ project }) => {
    await writeSpecs(project, reads)
    await replaceText(project, POSTGRES, "jit: 'off'", "jit: 'perhaps'")

    const { exitCode, stderr } = await startRun(project).ended()

    expect(exitCode).toBe(3)
    expect(stderr).toMatch(/^stack: postgres died at start with exit code 1\b.* "jit" requires .* Next: /m)
  })

  test('with the last log lines of a server that has too little memory to start', async ({ project }) => {
    await writeSpecs(project, reads)
    await replaceText(project, POSTGRES, DATA_BYTES, `${DATA_BYTES} 20 * 2 ** 20 ||`)

    const { exitCode, stderr } = await startRun(project).ended()

    expect(exitCode).toBe(3)
    expect(stderr).toMatch(/^stack: postgres died at start with exit code \d+\..* No space left on device/m)
  })

  test('when there is too little memory for the databases', async ({ project }) => {
    await writeSpecs(project, reads)
    await replaceText(project, POSTGRES, DATA_BYTES, `${DATA_BYTES} 52 * 2 ** 20 ||`)

    const { exitCode, stderr } = await startRun(project).ended()

    expect(exitCode).toBe(3)
    expect(stderr).toMatch(
      /^stack: .*(?:53100|No space left on device).* Next: give the container engine more/m,
    )
  })

  test('with the exit code of a server that dies during the run', async ({ project, engineInspector }) => {
    await writeSpecs(project, waits)
    const run = startRun(project)
    await run.waitForSignal('running')

    await engineInspector.kill(`hma-${await run.id()}-postgres`)
    const { exitCode, stderr } = await run.ended()

    expect(exitCode).toBe(3)
    expect(stderr).toMatch(/^stack: postgres died with exit code 137\b.* Next: /m)
  })
})

describe('Watch mode', () => {
  test('clones the databases from the changed migrations after a change', async ({ project }) => {
    await writeSpecs(project, showsMark)
    const run = startRun(project, { args: ['watch'] })
    await run.waitForOutput(/'mark 1' to be 'mark 0'/)

    await writeMark(project, 2)

    await run.waitForOutput(/'mark 2' to be 'mark 0'/)
    await run.waitForOutput(/keeps its database\. Open it: docker exec/, 2)
  })
})
