import { describe, expect } from '../harness/index.ts'
import { filesLeft, STORE, statesOf, test } from './vocabulary/backups.ts'
import { damageAndDownload, flipAfter, sha256 } from './vocabulary/damage.ts'
import {
  bringBack,
  readObject,
  readStored,
  replaceContents,
  writeObject,
} from './vocabulary/stored-backups.ts'
import { insertUser } from './vocabulary/users.ts'

const SLOW = { timeout: 180_000 }

describe('G1.1 The verification of a backup', SLOW, () => {
  test('G1.1.3 what is stored is what its manifest says', async ({ startJob, db, bucket }) => {
    const job = await startJob()

    const { id, sha256: reported } = await job.json<{ id: string; sha256: string }>(['backup'])
    const { manifest, dump } = await readStored(bucket, db, id)

    expect(manifest.dump).toEqual({ bytes: dump.length, sha256: sha256(dump) })
    expect(manifest.dump.sha256).toBe(reported)
    expect(await statesOf(job)).toEqual([{ id, isVerified: true, hasManifest: true }])
  })

  test('G1.1.3 a dump that ends early is found by decoding it, although pg_dump said nothing', async ({
    startJob,
  }) => {
    const job = await startJob()
    const short = `/usr/lib/postgresql/17/bin/pg_dump "$@" | head --bytes=-$([ "$1" = --version ] && echo 0 || echo 1000)`

    const failed = await job.run(['backup'], await job.replace('pg_dump', short))

    expect(failed).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('pg_restore') })
    expect([await statesOf(job), await filesLeft(job)]).toEqual([[], []])
  })

  test('G1.1.3 a bit that changes between here and the store is found by reading it back', async ({
    startJob,
  }) => {
    const job = await startJob()
    const HMA_STORE_URL = await flipAfter(job, STORE, 200_000)

    const failed = await job.run(['backup'], { HMA_STORE_URL })

    expect(failed.exitCode).not.toBe(0)
    expect(await statesOf(job)).toEqual([expect.objectContaining({ isVerified: false, hasManifest: false })])
  })
})

describe('G1.3 A damaged backup', SLOW, () => {
  test.for(['truncated at any byte', 'with one flipped bit'] as const)(
    'G1.3.1 none of 200 copies %s is trusted, and the whole one is',
    async (kind, { startJob, db }) => {
      const job = await startJob()
      await job.json(['backup'])

      const outcome = await damageAndDownload(job, db, kind, 200)

      expect(outcome).toEqual({ tried: 200, trusted: [], whole: 'trusted' })
    },
  )

  test('G1.3.1 one that was damaged in the store fails, though an older one is whole, and is whole again as its first version', async ({
    startJob,
    db,
    bucket,
  }) => {
    const job = await startJob()
    await job.json(['backup'])
    const { id } = await job.json<{ id: string }>(['backup'])
    const dump = await readObject(bucket, `${db.name}/${id}/dump`)
    await writeObject(bucket, `${db.name}/${id}/dump`, dump.subarray(0, -1))

    const damaged = await job.run(['restore-test'])
    await bringBack(bucket, `${db.name}/${id}/dump`)

    expect(damaged).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(id) })
    expect(await job.json(['restore-test'])).toMatchObject({ backup: id, isProven: true })
  })

  test('G1.3.1 one with other rows, whose hash was made to fit, is found by restoring it', async ({
    startJob,
    db,
    bucket,
  }) => {
    const job = await startJob()
    const older = await job.json<{ id: string }>(['backup'])
    await insertUser(db)
    const newer = await job.json<{ id: string }>(['backup'])
    await replaceContents(bucket, db, { of: newer.id, by: older.id })

    const tested = await job.run(['restore-test', '--json'])

    expect(tested.exitCode).toBe(1)
    expect(JSON.parse(tested.stdout).findings).toContain('table auth.users has 0 rows instead of 1')
  })
})
