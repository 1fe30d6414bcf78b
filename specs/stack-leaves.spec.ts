import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '../harness/index.ts'
import { giveSpecs, interrupt, startRun } from './vocabulary/runs.ts'

const green = `test('passes', async ({ db }) => { expect(await db.count('mark')).toBe(1) })`
const red = `test('fails', async ({ db, project }) => { expect(await db.count('mark')).toBe(2) })`
const endless = `test('waits', async ({ db, project }) => {
  project.start('node_modules/.bin/node', ['--eval', 'setInterval(() => {}, 1000)'])
  say('amid')
  await db.query('select pg_sleep(50)')
  expect(1).toBe(1)
})`
const meets = (own: string, other: string) => `test('meets the other worker', async ({ db }) => {
  say('${own}', db.name)
  await hear('${other}')
  expect(await db.count('mark')).toBe(1)
})`

describe('A run leaves nothing behind', () => {
  test('when it was red', async ({ project, engine }) => {
    await giveSpecs(project, red)
    const run = startRun(project)

    const { exitCode } = await run.ended()

    expect(exitCode).toBe(1)
    expect(await engine.leftoversOf(await run.id())).toEqual([])
  })

  test('when it was green, with two workers', async ({ project, engine }) => {
    await giveSpecs(project, meets('one', 'two'), meets('two', 'one'))
    const run = startRun(project, { words: ['run', '--maxWorkers=2'] })

    const { exitCode } = await run.ended()

    expect(exitCode).toBe(0)
    const names = ['one', 'two'].map((file) => readFile(join(project.root, file), 'utf8'))
    expect(new Set(await Promise.all(names)).size).toBe(2)
    expect(await engine.leftoversOf(await run.id())).toEqual([])
  })

  test('when Ctrl-C ended it', async ({ project, engine }) => {
    await giveSpecs(project, endless)
    const run = startRun(project)
    await run.hears('amid')

    interrupt(run)

    expect((await run.ended()).exitCode).toBe(130)
    await expect.poll(async () => engine.leftoversOf(await run.id()), { timeout: 30_000 }).toEqual([])
  })

  test('when kill -9 ended it', async ({ project, engine }) => {
    await giveSpecs(project, endless)
    const run = startRun(project)
    await run.hears('amid')

    run.process.kill('SIGKILL')

    expect((await run.ended()).exitCode).toBe(137)
    await expect.poll(async () => engine.leftoversOf(await run.id()), { timeout: 30_000 }).toEqual([])
  })

  test('when the engine stopped, once the next run has begun', async ({ project, engine }) => {
    const relay = await engine.relay()
    await giveSpecs(project, endless)
    const run = startRun(project, { dockerHost: relay.dockerHost })
    await run.hears('amid')
    const id = await run.id()

    relay.cut()
    await engine.kill(`hma-${id}-postgres`)
    const { exitCode, stderr } = await run.ended()
    await giveSpecs(project, green)
    const next = await startRun(project).ended()

    expect(exitCode).toBe(3)
    expect(stderr.match(/^stack: The container engine stopped .* Next: /gm)).toHaveLength(1)
    expect(next.exitCode).toBe(0)
    expect(await engine.leftoversOf(id)).toEqual([])
  })
})

describe('Runs side by side', () => {
  test('have a stack each', async ({ project, engine }) => {
    await giveSpecs(project, green)

    const runs = [startRun(project), startRun(project)]
    const ended = await Promise.all(runs.map((run) => run.ended()))
    const ids = await Promise.all(runs.map((run) => run.id()))

    expect(ended.map(({ exitCode }) => exitCode)).toEqual([0, 0])
    expect(new Set(ids).size).toBe(2)
    expect(await Promise.all(ids.map((id) => engine.leftoversOf(id)))).toEqual([[], []])
  })
})

describe('A remote engine', () => {
  test('is asked for the address of what it runs', async ({ project, engine }) => {
    const relay = await engine.relay()
    await giveSpecs(
      project,
      `test('goes there', async ({ db }) => { expect(new URL(db.url).hostname).toBe('${relay.host}') })`,
    )

    const { exitCode } = await startRun(project, { dockerHost: relay.dockerHost }).ended()

    expect(exitCode).toBe(0)
  })

  test('has made no volume for what is thrown away', async ({ engine, db, cache, bucket }) => {
    expect([db.name, await cache.dbSize(), bucket.name]).toHaveLength(3)

    expect(await engine.volumesOf(engine.run)).toEqual([])
  })
})
