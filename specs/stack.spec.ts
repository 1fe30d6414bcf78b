import { lookup } from 'node:dns/promises'
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { describe, expect, test } from '../harness/index.ts'

describe('The stack of a test run', () => {
  test('each test has a database of its own', async ({ db }) => {
    await db.query('create table public.mark (name text)')

    expect(await db.count('public.mark')).toBe(0)
  })

  test('a role with BYPASSRLS is rejected by as()', async ({ db }) => {
    await expect(db.as('hma_backup')).rejects.toThrow('BYPASSRLS')
  })

  test('an unknown role is rejected by name', async ({ db }) => {
    await expect(db.as('nobody')).rejects.toThrow('no login role called nobody')
  })

  test('an unknown web service is rejected by name', async ({ web }) => {
    await expect(web('nowhere')).rejects.toThrow('no web service called nowhere')
  })

  test('the application role is restricted by grants', async ({ db }) => {
    const app = await db.as('hma_app')

    await expect(app.query('create table auth.mine ()')).toBeDenied()
  })

  test('a distance query uses a spatial index', async ({ db }) => {
    await db.query(`
      set search_path = public, postgis;
      create table places (name text, at geography(point) not null);
      create index places_by_position on places using gist (at);
      insert into places select 'p' || n, st_makepoint(n % 180, n % 80)::geography from generate_series(1, 5000) n;
      analyze places`)
    const nearby = `select name from places where st_dwithin(at, st_makepoint(13.4, 52.5)::geography, 50000)`

    const plan = await db.query<{ 'QUERY PLAN': string }>(`explain ${nearby}`)

    expect(plan.map((line) => line['QUERY PLAN']).join('\n')).toContain('places_by_position')
  })

  test('a cache stores a value, in a Redis database of its own', async ({ cache }) => {
    await cache.set('greeting', 'hello')

    expect(await cache.get('greeting')).toBe('hello')
    expect(await cache.dbSize()).toBe(1)
  })

  test('the object store keeps every version of an object', async ({ bucket: { client, name } }) => {
    await client.send(new PutObjectCommand({ Bucket: name, Key: 'note', Body: 'first' }))
    await client.send(new PutObjectCommand({ Bucket: name, Key: 'note', Body: 'second' }))

    const newest = await client.send(new GetObjectCommand({ Bucket: name, Key: 'note' }))
    const kept = await client.send(new ListObjectVersionsCommand({ Bucket: name }))

    expect(await newest.Body?.transformToString()).toBe('second')
    expect(kept.Versions).toHaveLength(2)
  })

  test('the object store rejects an invalid bucket name', async ({ bucket: { client } }) => {
    const attempt = client.send(new CreateBucketCommand({ Bucket: 'No_Such_Name' }))

    await expect(attempt).rejects.toMatchObject({ name: 'InvalidBucketName' })
  })

  test('the ML stub reports its own health and that of its database', async ({ web }) => {
    const ml = await web('ml')

    const reply = await ml.get('/health')

    expect(reply.status).toBe(200)
    expect(reply.body).toMatchObject({ status: 'ok', dependencies: { database: { status: 'up' } } })
  })
  test('no port of a run is published on more than the address by which the run reaches it', async ({
    testContainer,
    engineInspector,
  }) => {
    const { host } = (await testContainer('redis', { port: 6379 })).address()

    const addresses = await engineInspector.addressesOf(engineInspector.run)

    expect(addresses).toEqual([(await lookup(host, 4)).address])
  })
})
