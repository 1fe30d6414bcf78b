import { describe, expect, test } from '../harness/index.ts'
import { bucketCreated, createBucket, createBucketWithSecret } from './vocabulary/bucket.ts'
import { administer, behindProxy, closeFiles, endsOfFailingCalls } from './vocabulary/bucket-machine.ts'
import { renamed } from './vocabulary/stack.ts'

describe("A1.3 The bucket on other people's machines", { timeout: 150_000 }, () => {
  test('A1.3.3 the key of the application administrates nothing', async ({ sharedProject }) => {
    await bucketCreated(sharedProject)

    const answers = await administer(sharedProject, 'bucket-key-id', 'bucket-key-secret')

    expect(answers).toEqual(answers.map(() => 'refused'))
    expect(await administer(sharedProject, 'minio-root-user', 'minio-root-password')).toContain('done')
  })

  test('A1.3.1 a proxy in the configuration of docker is not between the services', async ({
    sharedProject,
  }) => {
    await bucketCreated(sharedProject)

    const outcome = await createBucket(sharedProject, await behindProxy(sharedProject))

    expect(outcome).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('private and versioned') })
  })

  test('A1.3.1 it is created from a checkout whose files nobody else may read', async ({ sharedProject }) => {
    await closeFiles(sharedProject)

    const outcome = await createBucket(renamed(sharedProject, '-closed'))

    expect(outcome).toMatchObject({ exitCode: 0 })
  })

  test('A1.3.2 whichever call of the client fails, the start is stopped', async ({ sharedProject }) => {
    await bucketCreated(sharedProject)

    const ends = await endsOfFailingCalls(sharedProject)

    // At last no call is left that could fail.
    expect(ends.filter(({ exitCode }) => exitCode === 0)).toEqual([{ call: ends.length, exitCode: 0 }])
    expect(ends.length).toBeGreaterThan(15)
  })

  test('A1.3.2 the error quotes the store', async ({ sharedProject }) => {
    await bucketCreated(sharedProject)

    const { stderr } = await createBucketWithSecret(sharedProject, 'minio-root-password', 'another password')

    expect(stderr).toMatch(/ minio: .*(?:signature|access key|credentials|denied).* Next: /i)
  })
})
