import { describe, expect, test } from '../harness/index.ts'
import {
  accessOf,
  bucketCreated,
  createBucket,
  createBucketNamed,
  createBucketsNamed,
  createBucketWithSecret,
  lookAfter,
  policyOf,
  secretsOf,
  settingsOf,
  startWithSecret,
  WRONG_SECRETS,
} from './vocabulary/bucket.ts'
import { secretOf } from './vocabulary/clients.ts'
import { render } from './vocabulary/compose.ts'
import { containerOf } from './vocabulary/containers.ts'
import { renamed } from './vocabulary/stack.ts'
import { anonymousStatus, asApplication, asRoot } from './vocabulary/store.ts'

/** By the rules of S3, or because the bucket is that of the backups or of the archive. */
const ILLEGAL_NAMES = [
  ...['ab', 'a'.repeat(64), 'Photos', 'a..b', 'a.-b', 'a-.b', '-ab', 'ab-', '10.0.0.1', ''],
  ...['xn--abc', 'sthree-abc', 'abc-s3alias', 'hma-backups', 'hma-archive'],
]

describe('A1.3 The bucket', () => {
  test('A1.3.1 it is created over the internal network of the stack, and no other', async ({
    sharedProject,
  }) => {
    const { model } = await render(sharedProject, 'test')
    const { bucket, minio } = model.services

    expect(Object.keys(bucket?.networks ?? {})).toEqual(['data'])
    expect(Object.keys(minio?.networks ?? {})).toContain('data')
    expect(model.networks.data).toMatchObject({ name: `${model.name}_data`, internal: true })
  })

  test('A1.3.1 it is created in two projects with different names at the same time', async ({
    sharedProject,
  }) => {
    const [one, two] = [renamed(sharedProject, ''), renamed(sharedProject, '-0_other')]

    const outcomes = await Promise.all([bucketCreated(one), bucketCreated(two)])

    expect(outcomes.map(({ exitCode }) => exitCode)).toEqual([0, 0])
    using first = await asApplication(one)
    using second = await asApplication(two)
    expect(await first.put('hma', 'of the first', 'x')).toBe('done')
    expect(await second.get('hma', 'of the first')).toBe('NoSuchKey')
  })

  test('A1.3.2 creating it again changes nothing', async ({ sharedProject }) => {
    await bucketCreated(sharedProject)
    using store = await asApplication(sharedProject)
    await store.put('hma', 'again', 'first')
    const settings = await lookAfter(sharedProject, 'hma')
    const before = await accessOf(sharedProject)

    const again = await createBucket(sharedProject)

    expect(again).toMatchObject({ exitCode: 0 })
    expect(await accessOf(sharedProject)).toEqual(before)
    expect(settings).toEqual([expect.stringContaining('temporary/'), expect.stringContaining('somebody')])
    expect(await settingsOf(sharedProject, 'hma')).toEqual(settings)
    expect(await store.get('hma', 'again')).toBe('first')
    expect([await store.versioning('hma'), await store.list('hma')]).toEqual(['Enabled', 'listed'])
  })

  test.for(WRONG_SECRETS)(
    'A1.3.2 a wrong %s (%s) is refused and named',
    async ([secret, content, exitCode, variables], { sharedProject }) => {
      await bucketCreated(sharedProject)

      const outcome = await createBucketWithSecret(sharedProject, secret, content, variables)

      expect(outcome).toMatchObject({ exitCode, stderr: expect.stringContaining(secret) })
      expect(outcome.stderr).toMatch(/ Next: /)
    },
  )

  test('A1.3.2 each secret of the bucket is wrong once', async ({ sharedProject }) => {
    const { model } = await render(sharedProject, 'test')

    const wrong = new Set(WRONG_SECRETS.map(([secret]) => secret))
    expect([...wrong].sort()).toEqual(secretsOf(model, 'bucket'))
  })

  test('A1.3.2 every illegal name is refused and named', async ({ sharedProject }) => {
    await bucketCreated(sharedProject)
    const names = ILLEGAL_NAMES

    const outcomes = await createBucketsNamed(sharedProject, names)

    expect(outcomes).toEqual(
      names.map((name) => ({
        exitCode: 2,
        line: expect.stringMatching(new RegExp(`^[^\\n]* HMA_BUCKET=${name} [^\\n]*$`)),
      })),
    )
  })

  test.for(['abc', 'a'.repeat(63)])(
    'A1.3.2 the legal name "%s" is accepted',
    async (name, { sharedProject }) => {
      const other = renamed(sharedProject, '-0_other')
      await bucketCreated(other)

      const outcome = await createBucketNamed(other, name)

      expect(outcome).toMatchObject({ exitCode: 0 })
      using store = await asApplication(other)
      expect(await store.buckets()).toEqual([name])
    },
  )

  test('A1.3.2 a service that depends on the bucket is not started when the bucket cannot be created', async ({
    sharedProject,
  }) => {
    const other = renamed(sharedProject, '-refused')

    const outcome = await startWithSecret(other, 'bucket-key-secret', 'seven77')

    expect(outcome.exitCode).not.toBe(0)
    expect(await containerOf(other, 'bucket')).toMatchObject({ status: 'exited', exitCode: 2 })
    expect(await containerOf(other, 'ml')).toMatchObject({ status: 'created' })
  })

  test('A1.3.3 a client without a key cannot read, list or write it', async ({ sharedProject }) => {
    await bucketCreated(sharedProject)
    using store = await asApplication(sharedProject)
    await store.put('hma', 'private', 'x')

    const statuses = await Promise.all(
      ['hma', 'hma/private', 'hma/?versions'].map((path) => anonymousStatus(sharedProject, path)),
    )

    expect(statuses).toEqual([403, 403, 403])
    expect(await anonymousStatus(sharedProject, 'hma/private', 'PUT')).toBe(403)
  })

  test('A1.3.3 an overwritten or removed object stays as a version', async ({ sharedProject }) => {
    await bucketCreated(sharedProject)
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

  test('A1.3.3 the key of the application has access to that bucket only', async ({ sharedProject }) => {
    await bucketCreated(sharedProject)
    using root = await asRoot(sharedProject)
    using store = await asApplication(sharedProject)
    await root.createBucket('hma-other')
    await root.put('hma-other', 'foreign', 'x')

    const attempts = [
      await store.get('hma-other', 'foreign'),
      await store.put('hma-other', 'own', 'x'),
      await store.list('hma-other'),
      await store.createBucket('hma-new'),
    ]

    expect(attempts).toEqual(Array(4).fill('AccessDenied'))
    expect(await store.buckets()).toEqual(['hma'])
    expect(await store.list('hma')).toBe('listed')
  })

  test('A1.3.3 the policy of that key is this one, and no other key has it', async ({ sharedProject }) => {
    await bucketCreated(sharedProject)

    const { users, policy } = await accessOf(sharedProject)

    const ids = await Promise.all(
      ['bucket-key-id', 'backup-key-id'].map((name) => secretOf(sharedProject, name)),
    )
    expect(policy).toEqual(policyOf('hma'))
    expect(users).toEqual({ [ids[0] ?? '']: 'application', [ids[1] ?? '']: 'backup' })
  })

  test('A1.3.3 a replaced key has no access', async ({ sharedProject }) => {
    await bucketCreated(sharedProject)
    using store = await asApplication(sharedProject)

    const replaced = await createBucketWithSecret(sharedProject, 'bucket-key-id', 'another-key')
    const withOldKey = await store.list('hma')
    await createBucket(sharedProject)

    expect(replaced).toMatchObject({ exitCode: 0 })
    expect([withOldKey, await store.list('hma')]).toEqual(['InvalidAccessKeyId', 'listed'])
  })

  test('A1.3.3 the key of the application cannot change versioning, policy or bucket', async ({
    sharedProject,
  }) => {
    await bucketCreated(sharedProject)
    using store = await asApplication(sharedProject)
    await store.put('hma', 'kept', 'x')

    const answers = await store.attemptForbidden('hma', 'kept')

    expect(Object.entries(answers).filter(([, answer]) => answer !== 'AccessDenied')).toEqual([])
    expect(await store.get('hma', 'kept')).toBe('x')
  })
})
