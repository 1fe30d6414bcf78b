import { describe, expect, test } from '../harness/index.ts'
import { giveSpecs, interrupt, startRun } from './vocabulary/runs.ts'

const green = `test('passes', async ({ db }) => { expect(await db.count('mark')).toBe(1) })`
const red = `test('fails', async ({ db, project, engineInspector }) => {
  await engineInspector.compose(project.composeName)
  expect(await db.count('mark')).toBe(2)
})`
const endless = `test('waits', async ({ db, project }) => {
  project.start('node_modules/.bin/node', ['--eval', 'setInterval(() => {}, 1000)'])
  say('amid')
  await db.query('select pg_sleep(50)')
  expect(1).toBe(1)
})`
const meets = (
  own: string,
  other: string,
  host: string,
) => `test('meets the other worker', async ({ db }) => {
  say('${own}', db.name)
  expect(await hear('${other}')).not.toBe(db.name)
  expect(new URL(db.url).hostname).toBe('${host}')
})`

describe('A run leaves nothing behind', () => {
  test('when it was red, not even what a spec started with compose', async ({ project, engineInspector }) => {
    await giveSpecs(project, red)
    const run = startRun(project)

    const { exitCode } = await run.ended()

    expect(exitCode).toBe(1)
    expect(await engineInspector.leftoversOf(await run.id())).toEqual([])
  })

  test('when Ctrl-C ended it', async ({ project, engineInspector }) => {
    await giveSpecs(project, endless)
    const run = startRun(project)
    await run.hears('amid')

    interrupt(run)

    expect((await run.ended()).exitCode).toBe(130)
    await expect
      .poll(async () => engineInspector.leftoversOf(await run.id()), { timeout: 30_000 })
      .toEqual([])
  })

  test('when kill -9 ended it', async ({ project, engineInspector }) => {
    await giveSpecs(project, endless)
    const run = startRun(project)
    await run.hears('amid')

    run.process.kill('SIGKILL')

    expect((await run.ended()).exitCode).toBe(137)
    await expect
      .poll(async () => engineInspector.leftoversOf(await run.id()), { timeout: 30_000 })
      .toEqual([])
  })

  test('when the engine stopped, once the next run has begun', async ({ project, engineInspector }) => {
    const relay = await engineInspector.relay()
    await giveSpecs(project, endless, green)
    const run = startRun(project, { dockerHost: relay.dockerHost, files: ['specs/nested-0'] })
    await run.hears('amid')
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
  test('is its own, with two workers and beside another run, on a remote engine', async ({
    project,
    engineInspector,
  }) => {
    const { dockerHost, host } = await engineInspector.relay()
    await giveSpecs(project, meets('one', 'two', host), meets('two', 'one', host), green)
    const words = ['run', '--maxWorkers=2']

    const runs = [
      startRun(project, { dockerHost, words, files: ['specs/nested-0', 'specs/nested-1'] }),
      startRun(project, { files: ['specs/nested-2'] }),
    ]
    const ended = await Promise.all(runs.map((run) => run.ended()))
    const ids = await Promise.all(runs.map((run) => run.id()))

    expect(ended.map(({ exitCode }) => exitCode)).toEqual([0, 0])
    expect(new Set(ids).size).toBe(2)
    expect(await Promise.all(ids.map((id) => engineInspector.leftoversOf(id)))).toEqual([[], []])
  })

  test('makes no volume for what is thrown away', async ({ engineInspector, db, cache, bucket }) => {
    expect([db.name, await cache.dbSize(), bucket.name]).toHaveLength(3)

    expect(await engineInspector.volumesOf(engineInspector.run)).toEqual([])
  })
})
