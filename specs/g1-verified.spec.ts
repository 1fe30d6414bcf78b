import { describe, expect } from '../harness/index.ts'
import { filesLeft, listedStates, STORE, statesOf, test } from './vocabulary/backups.ts'
import { damageAndDownload, flipAfter, flipped } from './vocabulary/damage.ts'
import { databasesOf, intoServer } from './vocabulary/fresh-server.ts'
import { bringBack, readObject, readStored, sha256, writeObject } from './vocabulary/stored-backups.ts'

const SLOW = { timeout: 180_000 }
/**
 * Where a changed bit is in neither size nor contents: the name of the database in the head of a dump, which has no checksum of its own and
 * is not used by a restore, and the year of the snapshot.
 */
const PLACES: [file: string, place: (bytes: Buffer, database: string) => number][] = [
  ['dump', (bytes, database) => bytes.indexOf(database)],
  ['manifest.json', (bytes) => bytes.indexOf('"takenAt":"') + '"takenAt":"'.length],
]

describe('G1.1 The verification of a backup', SLOW, () => {
  test('G1.1.3 what is stored is what its manifest says', async ({ startJob, db, bucket }) => {
    const job = await startJob()

    const { id, sha256: reported } = await job.json<{ id: string; sha256: string }>(['backup'])
    const { manifest, dump } = await readStored(bucket, db, id)

    expect(manifest.dump).toEqual({ bytes: dump.length, sha256: sha256(dump) })
    expect(manifest.dump.sha256).toBe(reported)
    const verified = [{ id, isVerified: true, hasManifest: true }]
    expect([await listedStates(job), await statesOf(job)]).toEqual([verified, verified])
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
    'G1.3.1 none of 200 copies of dump or manifest %s is trusted, and the whole one is',
    async (kind, { startJob, db }) => {
      const job = await startJob()
      await job.json(['backup'])

      const outcome = await damageAndDownload(job, db, kind, 200)

      const right = { tried: 200, trusted: [], whole: 'trusted' }
      expect(outcome).toEqual({ dump: right, manifest: right })
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

  test('G1.3.1 one bit of dump or manifest that changes in the store is found by each command that restores', async ({
    startJob,
    db,
    bucket,
    server,
  }) => {
    const job = await startJob()
    const { id } = await job.json<{ id: string }>(['backup'])

    const exitCodes: number[][] = []
    for (const [file, place] of PLACES) {
      const key = `${db.name}/${id}/${file}`
      const whole = await readObject(bucket, key)
      await writeObject(bucket, key, flipped(whole, place(whole, db.name)))
      const tested = await job.run(['restore-test'])
      const restored = await job.run(['restore', '--database', 'live'], intoServer(server.host, db))
      exitCodes.push([tested.exitCode, restored.exitCode])
      await writeObject(bucket, key, whole)
    }

    expect(exitCodes).toEqual([
      [1, 1],
      [1, 1],
    ])
    expect(await databasesOf(server)).toEqual([])
  })
})
