import { describe, expect, test } from '../harness/index.ts'
import { bucketMade, makeBucket, makeBucketCalled, makeBucketWith, startWith } from './vocabulary/bucket.ts'
import { render } from './vocabulary/compose.ts'
import { containerOf } from './vocabulary/containers.ts'
import { renamed } from './vocabulary/stack.ts'
import { anonymously, asApplication, asRoot } from './vocabulary/store.ts'

describe('A1.3 The bucket', () => {
  test('A1.3.1 it is made over the closed network of the stack, and no other', async ({ sharedProject }) => {
    const { model } = await render(sharedProject, 'test')
    const { bucket, minio } = model.services

    expect(Object.keys(bucket?.networks ?? {})).toEqual(['data'])
    expect(Object.keys(minio?.networks ?? {})).toContain('data')
    expect(model.networks.data).toMatchObject({ name: `${model.name}_data`, internal: true })
  })

  test('A1.3.1 it is made whatever the project is renamed, in two projects side by side', async ({
    sharedProject,
  }) => {
    const [one, two] = [renamed(sharedProject, ''), renamed(sharedProject, '-0_other')]

    const outcomes = await Promise.all([bucketMade(one), bucketMade(two)])

    expect(outcomes.map(({ exitCode }) => exitCode)).toEqual([0, 0])
    using first = await asApplication(one)
    using second = await asApplication(two)
    expect(await first.put('hma', 'of one', 'x')).toBe('done')
    expect(await second.get('hma', 'of one')).toBe('NoSuchKey')
  })

  test('A1.3.2 making it again changes nothing', async ({ sharedProject }) => {
    await bucketMade(sharedProject)
    using store = await asApplication(sharedProject)
    await store.put('hma', 'again', 'first')

    const again = await makeBucket(sharedProject)

    expect(again).toMatchObject({ exitCode: 0 })
    expect(await store.get('hma', 'again')).toBe('first')
    expect([await store.versioning('hma'), await store.list('hma')]).toEqual(['Enabled', 'listed'])
  })

  test.for([
    ['minio-root-password', 'another password', 1],
    ['bucket-key-secret', 'seven77', 2],
    ['bucket-key-id', 'ab', 2],
    ['bucket-key-id', '', 2],
  ] as const)(
    'A1.3.2 a wrong %s (%s) is refused and named',
    async ([secret, content, exitCode], { sharedProject }) => {
      await bucketMade(sharedProject)

      const outcome = await makeBucketWith(sharedProject, secret, content)

      expect(outcome).toMatchObject({ exitCode, stderr: expect.stringContaining(secret) })
      expect(outcome.stderr).toMatch(/ Next: /)
    },
  )

  test.for(['ab', 'a'.repeat(64), 'Photos', 'a..b', '10.0.0.1', ''])(
    'A1.3.2 the illegal name "%s" is refused and named',
    async (name, { sharedProject }) => {
      await bucketMade(sharedProject)

      const outcome = await makeBucketCalled(sharedProject, name)

      expect(outcome).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(`HMA_BUCKET=${name} `) })
    },
  )

  test.for(['abc', 'a'.repeat(63)])(
    'A1.3.2 the legal name "%s" is taken',
    async (name, { sharedProject }) => {
      const other = renamed(sharedProject, '-0_other')
      await bucketMade(other)

      const outcome = await makeBucketCalled(other, name)

      expect(outcome).toMatchObject({ exitCode: 0 })
      using store = await asApplication(other)
      expect(await store.buckets()).toEqual([name])
    },
  )

  test('A1.3.2 where the bucket cannot be made, what stands on it is not started', async ({
    sharedProject,
  }) => {
    const other = renamed(sharedProject, '-refused')

    const outcome = await startWith(other, 'bucket-key-secret', 'seven77')

    expect(outcome.exitCode).not.toBe(0)
    expect(await containerOf(other, 'bucket')).toMatchObject({ status: 'exited', exitCode: 2 })
    expect(await containerOf(other, 'ml')).toMatchObject({ status: 'created' })
  })

  test('A1.3.3 nobody without a key reads, lists or writes it', async ({ sharedProject }) => {
    await bucketMade(sharedProject)
    using store = await asApplication(sharedProject)
    await store.put('hma', 'private', 'x')

    const statuses = await Promise.all(
      ['hma', 'hma/private', 'hma/?versions'].map((path) => anonymously(sharedProject, path)),
    )

    expect(statuses).toEqual([403, 403, 403])
    expect(await anonymously(sharedProject, 'hma/private', 'PUT')).toBe(403)
  })

  test('A1.3.3 what is written over or removed stays, as a version', async ({ sharedProject }) => {
    await bucketMade(sharedProject)
    using store = await asApplication(sharedProject)
    await store.put('hma', 'twice', 'first')
    await store.put('hma', 'twice', 'second')

    const removed = await store.remove('hma', 'twice')
    const [newest = '', oldest = ''] = await store.versionsOf('hma', 'twice')

    expect([removed, await store.get('hma', 'twice')]).toEqual(['done', 'NoSuchKey'])
    expect(await store.get('hma', 'twice', newest)).toBe('second')
    expect(await store.get('hma', 'twice', oldest)).toBe('first')
    expect(await store.versioning('hma')).toBe('Enabled')
  })

  test('A1.3.3 the key of the application reaches that bucket alone', async ({ sharedProject }) => {
    await bucketMade(sharedProject)
    using root = await asRoot(sharedProject)
    using store = await asApplication(sharedProject)
    await root.make('hma-other')
    await root.put('hma-other', 'foreign', 'x')

    const reached = [
      await store.get('hma-other', 'foreign'),
      await store.put('hma-other', 'own', 'x'),
      await store.list('hma-other'),
      await store.make('hma-new'),
    ]

    expect(reached).toEqual(Array(4).fill('AccessDenied'))
    expect(await store.buckets()).toEqual(['hma'])
    expect(await store.list('hma')).toBe('listed')
  })

  test('A1.3.3 a key that was replaced opens nothing', async ({ sharedProject }) => {
    await bucketMade(sharedProject)
    using store = await asApplication(sharedProject)

    const replaced = await makeBucketWith(sharedProject, 'bucket-key-id', 'another-key')
    const opened = await store.list('hma')
    await makeBucket(sharedProject)

    expect(replaced).toMatchObject({ exitCode: 0 })
    expect([opened, await store.list('hma')]).toEqual(['InvalidAccessKeyId', 'listed'])
  })

  test('A1.3.3 the key of the application rules over nothing', async ({ sharedProject }) => {
    await bucketMade(sharedProject)
    using store = await asApplication(sharedProject)
    await store.put('hma', 'kept', 'x')

    const answers = await store.attemptAll('hma', 'kept')

    expect(Object.entries(answers).filter(([, answer]) => answer !== 'AccessDenied')).toEqual([])
    expect(await store.get('hma', 'kept')).toBe('x')
  })
})
