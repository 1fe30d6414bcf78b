// What a test may name as an argument. Each is made for that test alone, and only if it names it. What gives back is
// said before anything is planted, so that a fault which cannot be planted leaves nothing behind. Clients are loaded when
// a test names them: together they cost a worker a third of a second.
import { test as base, inject, type TestContext } from 'vitest'
import { once } from '../config/once.ts'
import { connectToBroker } from './broker/client.ts'
import { type Lane, openLane } from './broker/prefetch.ts'
import type { TestContainer, TestContainerOptions } from './containers/test-container.ts'
import { type Cluster, clusterOf } from './postgres/cluster.ts'
import { type Database, databaseOf } from './postgres/database.ts'
import { readRecords } from './postgres/server-log.ts'
import { openSession } from './postgres/session.ts'
import { copyProject } from './project.ts'
import { openProjects } from './projects.ts'
import { faultFor, injectIntoDatabase, injectIntoFiles, undoInjection } from './proof/inject.ts'

/** One socket and one lane per worker process; modules outlive files because workers are not isolated. */
const broker = once(async () => connectToBroker(inject('broker')))
const lanes = new Map<string, () => Promise<Lane>>()

function laneOf(kind: string): Promise<Lane> {
  const lane = lanes.get(kind) ?? once(async () => openLane(await broker(), kind, () => inject('generation')))
  lanes.set(kind, lane)
  return lane()
}

/**
 * Rejects where the engine lacks an image of the stack, as this source tree builds it. Asked of the broker, so that it is an
 * error of the environment (exit code 3), printed once, and no failure of a criterion.
 */
export async function requireImages(): Promise<void> {
  await (await broker()).ask('require images', {})
}

const failed = (task: TestContext['task']) => task.result?.state === 'fail'

export const test = base
  // Which template of the recipe `db` is a clone of. A spec file says `test.extend('template', …)` for another, a suite
  // `test.override`: at the top of a file that would hold for every file after it in the same worker.
  .extend('template', 'default' as string)
  .extend('db', async ({ task, template }, { onCleanup }): Promise<Database> => {
    const { lease, owner, waitedMs } = await (await laneOf(template)).take()
    const database = databaseOf(lease, owner)
    onCleanup(async () => {
      await database.close()
      await undoInjection(task, () => openSession({ ...lease, database: lease.name }))
      const keep = failed(task) && faultFor(task) === undefined
      const { kept } = await (await broker()).ask('release', { id: lease.id, keep, waitedMs })
      if (kept) process.stderr.write(`kept for you: ${lease.openWith}\n`)
    })
    await injectIntoDatabase(task, (text) => owner.query(text))
    return database
  })
  .extend('emptyDb', async ({ task: _ }, { onCleanup }): Promise<Database> => {
    const lease = await (await broker()).ask('lease database', { kind: null })
    const database = databaseOf(lease, await openSession({ ...lease, database: lease.name }))
    onCleanup(async () => {
      await database.close()
      await (await broker()).ask('release', { id: lease.id, keep: false })
    })
    return database
  })
  .extend('cluster', async ({ task }, { onCleanup }): Promise<Cluster> => {
    const lease = await (await broker()).ask('lease cluster', {})
    const cluster = clusterOf(await broker(), lease)
    onCleanup(async () => {
      await cluster.close()
      await (await broker()).ask('release', { id: lease.id, keep: false })
    })
    if (faultFor(task)?.injection.kind === 'sql') {
      await using owner = await cluster.database()
      await injectIntoDatabase(task, (text) => owner.query(text), 'cluster')
    }
    return cluster
  })
  .extend('project', async ({ task }, { onCleanup }) => {
    const project = await copyProject(inject('run'))
    onCleanup(() => project[Symbol.asyncDispose]())
    await injectIntoFiles(task, project.root)
    return project
  })
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads from the pattern what a fixture stands on
  .extend('filesProjects', { scope: 'file' }, async ({}, { onCleanup }) => {
    const projects = openProjects()
    onCleanup(() => projects[Symbol.asyncDispose]())
    return projects
  })
  // One copy for all tests of a file, where what is started from it is too dear to be started for each: none of them
  // changes what another one reads. Those with a fault share one that has the fault, until one of them is red.
  .extend('sharedProject', async ({ task, filesProjects }, { onCleanup }) => {
    const fault = faultFor(task)?.id
    const project = await filesProjects.take(fault)
    onCleanup(async () => {
      if (fault !== undefined && failed(task)) await filesProjects.end(fault)
    })
    await injectIntoFiles(task, project.root)
    return project
  })
  .extend('cache', async ({ task: _ }, { onCleanup }) => {
    const { createClient } = await import('redis')
    const lease = await (await broker()).ask('lease cache', {})
    const client = createClient({ url: lease.url })
    client.on('error', () => {})
    onCleanup(async () => {
      if (client.isOpen) client.destroy()
      await (await broker()).ask('release', { id: lease.id, keep: false })
    })
    await client.connect()
    await client.flushDb()
    return client
  })
  .extend('bucket', async ({ task: _ }, { onCleanup }) => {
    const { openStore } = await import('./containers/buckets.ts')
    const { id, ...lease } = await (await broker()).ask('lease bucket', {})
    const client = openStore(lease)
    onCleanup(async () => {
      client.destroy()
      await (await broker()).ask('release', { id, keep: false })
    })
    return { name: lease.name, client }
  })
  .extend('engineInspector', async ({ task: _ }, { onCleanup }) => {
    const engine = await (await import('./containers/engine-inspector.ts')).createEngineInspector()
    onCleanup(() => engine.disconnectRelays())
    return { ...engine, run: inject('run').id }
  })
  .extend('testContainer', async ({ task: _ }, { onCleanup }) => {
    const { startTestContainer } = await import('./containers/test-container.ts')
    const containers: TestContainer[] = []
    onCleanup(async () => {
      await Promise.all(containers.map((container) => container[Symbol.asyncDispose]()))
    })
    return async (image: string, plan: TestContainerOptions = {}) => {
      const container = await startTestContainer(inject('owner'), image, plan)
      containers.push(container)
      return container
    }
  })
  .extend('web', async ({ task: _ }) => {
    const { default: supertest } = await import('supertest')
    return async (service: string) => {
      const { url } = await (await broker()).ask('lease web', { service })
      return supertest(url)
    }
  })
  .extend('serverLog', async ({ db }) => {
    const since = await db.value<number>('select floor(extract(epoch from clock_timestamp()))::int')
    const mark = (text: string) =>
      db.query(
        `begin; set local log_error_verbosity = terse; do $$ begin raise log '${text}'; end $$; commit`,
      )
    const read = async () => (await broker()).ask('read log', { since })
    /** What the server has logged about this test's database so far. */
    return () => readRecords({ database: db.name, mark, read })
  })
