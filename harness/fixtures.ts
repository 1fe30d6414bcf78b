// What a test can take as an argument. Each is made for that test alone, and only if the test takes it. A fixture registers
// its clean-up before it injects a fault, so that a fault that fails to apply is still cleaned up. Clients are imported when
// a test takes them: together they cost a worker a third of a second.
import { test as base, inject, type TestContext } from 'vitest'
import { once } from '../config/once.ts'
import { connectToBroker } from './broker/client.ts'
import { openPrefetch, type Prefetch } from './broker/prefetch.ts'
import type { RequestName, Requests } from './broker/protocol.ts'
import type { TestContainer, TestContainerOptions } from './containers/test-container.ts'
import { type Cluster, type ClusterControl, clusterOf } from './postgres/cluster.ts'
import { type Database, databaseOf } from './postgres/database.ts'
import { readRecords } from './postgres/server-log.ts'
import { openSession } from './postgres/session.ts'
import { copyProject } from './project.ts'
import { faultFor, injectIntoDatabase, injectIntoFiles, undoInjection } from './proof/inject.ts'
import { openSharedProjects } from './shared-projects.ts'

/** One socket and one prefetched database per worker process: modules outlive files, because workers are not isolated. */
const broker = once(async () => connectToBroker(inject('broker')))
const prefetches = new Map<string, () => Promise<Prefetch>>()

async function request<R extends RequestName>(
  name: R,
  body: Requests[R]['body'],
): Promise<Requests[R]['result']> {
  return (await broker()).request(name, body)
}

const release = (id: number) => request('release', { id, keep: false })

function prefetchOf(kind: string): Promise<Prefetch> {
  const open = async () => openPrefetch(await broker(), kind, () => inject('generation'))
  const prefetch = prefetches.get(kind) ?? once(open)
  prefetches.set(kind, prefetch)
  return prefetch()
}

/**
 * Rejects where the engine lacks an image of the stack, as this source tree builds it. The broker checks it, so that it is an
 * error of the environment (exit code 3), printed once, and not a failed criterion.
 */
export async function requireImages(): Promise<void> {
  await request('require images', {})
}

function controlOf(id: number): ClusterControl {
  return {
    stop: async (mode = 'fast') => void (await request('stop cluster', { id, mode })),
    start: async () => void (await request('start cluster', { id })),
    log: () => request('read cluster log', { id }),
  }
}

const hasFailed = (task: TestContext['task']) => task.result?.state === 'fail'

export const test = base
  // The template that `db` is a clone of. A spec file writes `test.extend('template', …)` for another, a suite
  // `test.override`: at the top of a file that would also hold for every later file of the same worker.
  .extend('template', 'default' as string)
  .extend('db', async ({ task, template }, { onCleanup }): Promise<Database> => {
    const { lease, owner, waitedMs } = await (await prefetchOf(template)).take()
    const database = databaseOf(lease, owner)
    onCleanup(async () => {
      await database.close()
      await undoInjection(task, () => openSession({ ...lease, database: lease.name }))
      const keep = hasFailed(task) && faultFor(task) === undefined
      const { kept } = await request('release', { id: lease.id, keep, waitedMs })
      if (kept) process.stderr.write(`A failed test keeps its database. Open it: ${lease.openWith}\n`)
    })
    await injectIntoDatabase(task, (text) => owner.query(text), template)
    return database
  })
  .extend('emptyDb', async ({ task: _ }, { onCleanup }): Promise<Database> => {
    const lease = await request('lease database', { kind: null })
    const database = databaseOf(lease, await openSession({ ...lease, database: lease.name }))
    onCleanup(async () => {
      await database.close()
      await release(lease.id)
    })
    return database
  })
  .extend('cluster', async ({ task }, { onCleanup }): Promise<Cluster> => {
    const lease = await request('lease cluster', {})
    const cluster = clusterOf(lease, controlOf(lease.id))
    onCleanup(async () => {
      await cluster.close()
      await release(lease.id)
    })
    if (faultFor(task)?.injection.kind === 'sql') {
      await using owner = await cluster.database()
      await injectIntoDatabase(task, (text) => owner.query(text), 'default', 'cluster')
    }
    return cluster
  })
  .extend('project', async ({ task }, { onCleanup }) => {
    const project = await copyProject(inject('run'))
    onCleanup(() => project[Symbol.asyncDispose]())
    await injectIntoFiles(task, project.root)
    return project
  })
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads from the pattern which fixtures it depends on
  .extend('sharedProjects', { scope: 'file' }, async ({}, { onCleanup }) => {
    const projects = openSharedProjects()
    onCleanup(() => projects[Symbol.asyncDispose]())
    return projects
  })
  // One copy for all tests of a file, for what takes too long to start for each test; no test may change what another
  // reads. Tests with the same fault share a copy that has it, until one of them fails.
  .extend('sharedProject', async ({ task, sharedProjects }, { onCleanup }) => {
    const fault = faultFor(task)?.id
    const project = await sharedProjects.take(fault)
    onCleanup(async () => {
      if (fault !== undefined && hasFailed(task)) await sharedProjects.remove(fault)
    })
    await injectIntoFiles(task, project.root)
    return project
  })
  .extend('cache', async ({ task: _ }, { onCleanup }) => {
    const { createClient } = await import('redis')
    const lease = await request('lease cache', {})
    const client = createClient({ url: lease.url })
    client.on('error', () => {})
    onCleanup(async () => {
      if (client.isOpen) client.destroy()
      await release(lease.id)
    })
    await client.connect()
    await client.flushDb()
    return client
  })
  .extend('bucket', async ({ task: _ }, { onCleanup }) => {
    const { openS3Client } = await import('./containers/buckets.ts')
    const { id, ...location } = await request('lease bucket', {})
    const client = openS3Client(location)
    onCleanup(async () => {
      client.destroy()
      await release(id)
    })
    return { name: location.name, client }
  })
  .extend('engineInspector', async ({ task: _ }, { onCleanup }) => {
    const { createEngineInspector } = await import('./containers/engine-inspector.ts')
    const inspector = createEngineInspector()
    onCleanup(() => inspector.disconnectRelays())
    return { ...inspector, run: inject('run').id }
  })
  .extend('testContainer', async ({ task: _ }, { onCleanup }) => {
    const { startTestContainer } = await import('./containers/test-container.ts')
    const containers: TestContainer[] = []
    onCleanup(async () => {
      await Promise.all(containers.map((container) => container[Symbol.asyncDispose]()))
    })
    return async (image: string, options: TestContainerOptions = {}) => {
      const container = await startTestContainer(inject('owner'), image, options)
      containers.push(container)
      return container
    }
  })
  .extend('web', async ({ task: _ }) => {
    const { default: supertest } = await import('supertest')
    return async (service: string) => supertest((await request('find web service', { service })).url)
  })
  .extend('serverLog', async ({ db }) => {
    const since = await db.value<number>('select floor(extract(epoch from clock_timestamp()))::int')
    const mark = (text: string) =>
      db.query(
        `begin; set local log_error_verbosity = terse; do $$ begin raise log '${text}'; end $$; commit`,
      )
    const read = () => request('read log', { since })
    /** What the server has logged about this test's database so far. */
    return () => readRecords({ database: db.name, mark, read })
  })
