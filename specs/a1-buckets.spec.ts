import { describe, expect, test } from '../harness/index.ts'
import { expectedUsers } from './vocabulary/archive.ts'
import { accessOf } from './vocabulary/bucket.ts'
import { allBucketsCreated, attackVersions } from './vocabulary/buckets.ts'
import { asApplication, asArchive, asBackup, asRoot } from './vocabulary/store.ts'

const BUCKETS = ['hma', 'hma-archive', 'hma-backups']
const UNTOUCHED = { answers: ['AccessDenied'], left: ['second', 'first'], versioning: 'Enabled' }
/** Of all objects. What was removed last goes with its marker. */
const FOR_30_DAYS = {
  Status: 'Enabled',
  of: [],
  NoncurrentVersionExpiration: { NoncurrentDays: 30 },
  Expiration: { ExpiredObjectDeleteMarker: true },
}

describe('A1.3 All buckets of the store', () => {
  test('A1.3.3 in every bucket an object that was overwritten and removed stays as versions, which no key of the store removes or lets expire', async ({
    sharedProject,
  }) => {
    expect(await allBucketsCreated(sharedProject)).toMatchObject({ exitCode: 0 })
    using root = await asRoot(sharedProject)
    using application = await asApplication(sharedProject)
    using archive = await asArchive(sharedProject)
    using backup = await asBackup(sharedProject)
    const buckets = await root.buckets()
    const { users } = await accessOf(sharedProject)

    const attacked = await Promise.all(
      buckets.map((bucket) => attackVersions(root, [application, archive, backup], bucket)),
    )

    expect(buckets).toEqual(BUCKETS)
    expect(users).toEqual(await expectedUsers(sharedProject))
    expect(attacked).toEqual(BUCKETS.map(() => UNTOUCHED))
  })

  test('A1.3.3 what was removed from the backups or the archive is kept for 30 days, and no rule of any bucket ends anything else', async ({
    sharedProject,
  }) => {
    expect(await allBucketsCreated(sharedProject)).toMatchObject({ exitCode: 0 })
    using root = await asRoot(sharedProject)

    const rules = (await root.buckets()).map(async (bucket) => [bucket, await root.rules(bucket)])

    expect(Object.fromEntries(await Promise.all(rules))).toEqual({
      hma: [],
      'hma-archive': [FOR_30_DAYS],
      'hma-backups': [FOR_30_DAYS],
    })
  })
})
