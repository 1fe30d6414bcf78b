// All buckets of the store, and what its keys can do to what was removed from them.
import { createBucket } from './bucket.ts'
import { oncePerCopy } from './once-per-copy.ts'
import type { Store } from './store.ts'

/** Creates that of the archive, too. Done once per copy of the project. */
export const allBucketsCreated = oncePerCopy((project) => createBucket(project, { HMA_ARCHIVE: 'on' }))

interface Attacked {
  /** What the store said to all that only an owner may do, each answer once. */
  answers: string[]
  /** The versions that are left of an object, newest first. */
  left: string[]
  versioning: string
}

/** Each key overwrites an object, removes it, and then tries to end each of its versions. */
export async function attackVersions(root: Store, keys: Store[], bucket: string): Promise<Attacked> {
  for (const key of keys) {
    for (const body of ['first', 'second']) await key.put(bucket, 'kept', body)
    await key.remove(bucket, 'kept')
  }
  const answers = new Set<string>()
  for (const version of await root.versionsOf(bucket, 'kept'))
    for (const key of keys)
      for (const answer of Object.values(await key.attemptForbidden(bucket, 'kept', version)))
        answers.add(answer)
  const versions = await root.versionsOf(bucket, 'kept')
  const left = await Promise.all(versions.map((version) => root.get(bucket, 'kept', version)))
  return { answers: [...answers], left, versioning: await root.versioning(bucket) }
}
