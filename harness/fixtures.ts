// What a test may name as an argument. Each is made for that test alone, and only if it names it.

import { S3Client } from '@aws-sdk/client-s3'
import { createClient } from 'redis'
import supertest from 'supertest'
import { test as base, inject, type TestContext } from 'vitest'
import { connectToBroker } from './broker/client.ts'
import { type Database, databaseOf } from './databases/database.ts'
import { type Lane, openLane } from './databases/lane.ts'
import { openSession } from './databases/session.ts'
import { plantInDatabase, plantInTree } from './faults/plant.ts'
import { once } from './once.ts'
import { copyProject } from './project.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the socket of this run's broker. */
    broker: string
  }
}

/** One socket and one lane per worker process; modules outlive files because workers are not isolated. */
const broker = once(async () => connectToBroker(inject('broker')))
const lanes = new Map<string, () => Promise<Lane>>()

function laneOf(kind: string): Promise<Lane> {
  const lane = lanes.get(kind) ?? once(async () => openLane(await broker(), kind))
  lanes.set(kind, lane)
  return lane()
}

const failed = (task: TestContext['task']) => task.result?.state === 'fail'

export const test = base
  // Which template of the recipe `db` is a clone of; a spec file says `test.override('template', …)` for another.
  .extend('template', 'default' as string)
  .extend('db', async ({ task, template }, { onCleanup }): Promise<Database> => {
    const { lease, owner, waitedMs } = await (await laneOf(template)).take()
    const database = databaseOf(lease, owner)
    const takeBack = await plantInDatabase(task, (text) => owner.query(text))
    onCleanup(async () => {
      await takeBack()
      await database.close()
      const keep = failed(task) && inject('fault') === null
      if (keep) process.stderr.write(`kept for you: ${lease.openWith}\n`)
      await (await broker()).ask('release', { id: lease.id, keep, waitedMs })
    })
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
  .extend('project', async ({ task }, { onCleanup }) => {
    const project = await copyProject()
    onCleanup(() => project[Symbol.asyncDispose]())
    await plantInTree(task, project.root)
    return project
  })
  .extend('cache', async ({ task: _ }, { onCleanup }) => {
    const lease = await (await broker()).ask('lease cache', {})
    const client = createClient({ url: lease.url })
    client.on('error', () => {})
    await client.connect()
    await client.flushDb()
    onCleanup(async () => {
      await client.close()
      await (await broker()).ask('release', { id: lease.id, keep: false })
    })
    return client
  })
  .extend('bucket', async ({ task: _ }, { onCleanup }) => {
    const lease = await (await broker()).ask('lease bucket', {})
    const { endpoint, accessKey: accessKeyId, secretKey: secretAccessKey, name } = lease
    const client = new S3Client({
      endpoint,
      region: 'us-east-1',
      forcePathStyle: true,
      credentials: { accessKeyId, secretAccessKey },
    })
    onCleanup(() => client.destroy())
    return { name, client }
  })
  .extend('web', async ({ task: _ }) => {
    return async (service: string) => {
      const { url } = await (await broker()).ask('lease web', { service })
      return supertest(url)
    }
  })
  .extend('serverLog', async ({ task: _ }) => {
    return async () => (await broker()).ask('read log', { service: 'postgres' })
  })
