import { describe, expect, test } from '../harness/index.ts'
import { interrupt, startRun, writeSpecs } from './vocabulary/runs.ts'

const green = `test('passes', async ({ db }) => { expect(await db.count('mark')).toBe(1) })`
const red = `test('fails', async ({ db, project, engineInspector }) => {
  await engineInspector.imitateCompose(project.composeName)
  expect(await db.count('mark')).toBe(2)
})`
const endless = `test('waits', async ({ db, project }) => {
  project.start('node_modules/.bin/node', ['--eval', 'setInterval(() => {}, 1000)'])
  signal('running')
  await db.query('select pg_sleep(50)')
  expect(1).toBe(1)
})`
const comparesDatabase = (
  own: string,
  other: string,
  host: string,
) => `test('has another database than the other worker', async ({ db }) => {
  signal('${own}', db.name)
  expect(await receive('${other}')).not.toBe(db.name)
  expect(new URL(db.url).hostname).toBe('${host}')
})`

describe('A run leaves nothing behind', () => {
  test('when a test failed, not even what a spec started with compose', async ({
    project,
    engineInspector,
  }) => {
    await writeSpecs(project, red)
    const run = startRun(project)

    const { exitCode } = await run.ended()

    expect(exitCode).toBe(1)
    expect(await engineInspector.leftoversOf(await run.id())).toEqual([])
  })

  test('when Ctrl-C ended it', async ({ project, engineInspector }) => {
    await writeSpecs(project, endless)
    const run = startRun(project)
    await run.waitForSignal('running')

    interrupt(run)

    expect((await run.ended()).exitCode).toBe(130)
    await expect
      .poll(async () => engineInspector.leftoversOf(await run.id()), { timeout: 30_000 })
      .toEqual([])
  })

  test('when kill -9 ended it', async ({ project, engineInspector }) => {
    await writeSpecs(project, endless)
    const run = startRun(project)
    await run.waitForSignal('running')

    run.process.kill('SIGKILL')

    expect((await run.ended()).exitCode).toBe(137)
    await expect
      .poll(async () => engineInspector.leftoversOf(await run.id()), { timeout: 30_000 })
      .toEqual([])
  })

  test('when the engine stopped, after the next run', async ({ project, engineInspector }) => {
    const relay = await engineInspector.relay()
    await writeSpecs(project, endless, green)
    const run = startRun(project, { dockerHost: relay.dockerHost, files: ['specs/nested-0'] })
    await run.waitForSignal('running')
    const id = await run.id()

    await relay.disconnect()
    await engineInspector.kill(`hma-${id}-postgres`)
    const { exitCode, stderr } = await run.ended()
    const next = await startRun(project, { files: ['specs/nested-1'] }).ended()

    expect(exitCode).toBe(3)
    expect(stderr.match(/^stack: The container engine stopped .* Next: /gm)).toHaveLength(1)
    expect(next.exitCode).toBe(0)
    expect(await engineInspector.leftoversOf(id)).toEqual([])
  })
})

describe('The stack of a run', () => {
  test('is private to the run, with two workers and a second run at the same time, on a remote engine', async ({
    project,
    engineInspector,
  }) => {
    const { dockerHost, host } = await engineInspector.relay()
    await writeSpecs(
      project,
      comparesDatabase('one', 'two', host),
      comparesDatabase('two', 'one', host),
      green,
    )
    const args = ['run', '--maxWorkers=2']

    const runs = [
      startRun(project, { dockerHost, args, files: ['specs/nested-0', 'specs/nested-1'] }),
      startRun(project, { files: ['specs/nested-2'] }),
    ]
    const ended = await Promise.all(runs.map((run) => run.ended()))
    const ids = await Promise.all(runs.map((run) => run.id()))

    expect(ended.map(({ exitCode }) => exitCode)).toEqual([0, 0])
    expect(new Set(ids).size).toBe(2)
    expect(await Promise.all(ids.map((id) => engineInspector.leftoversOf(id)))).toEqual([[], []])
  })

  test('creates no volumes', async ({ engineInspector, db, cache, bucket }) => {
    expect([db.name, await cache.dbSize(), bucket.name]).toHaveLength(3)

    expect(await engineInspector.volumesOf(engineInspector.run)).toEqual([])
  })
})
