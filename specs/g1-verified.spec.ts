import { describe, expect, type Outcome } from '../harness/index.ts'
import { filesLeft, listedStates, restoreInto, STORE, statesOf, test } from './vocabulary/backups.ts'
import { damageAndDownload, flipAfter, flipAndDecode, flipped } from './vocabulary/damage.ts'
import { databasesOf } from './vocabulary/fresh-server.ts'
import { addLargeTable, killedAt } from './vocabulary/interruptions.ts'
import {
  bringBack,
  readObject,
  readStored,
  removeObject,
  sha256,
  writeObject,
} from './vocabulary/stored-backups.ts'

const SLOW = { timeout: 180_000 }
const yearIn = (manifest: Buffer) => manifest.indexOf('"takenAt":"') + '"takenAt":"'.length
/**
 * Where a changed bit is in neither size nor contents: the name of the database in the head of a dump, which has no checksum of its own and
 * is not used by a restore, and the year of the snapshot.
 */
const PLACES: [file: string, place: (bytes: Buffer, database: string) => number][] = [
  ['dump', (bytes, database) => bytes.indexOf(database)],
  ['manifest.json', yearIn],
]
/** Where a file is cut off: by its last byte, and by all of them. */
const CUTS = [
  ['dump', -1],
  ['dump', 0],
  ['manifest.json', 0],
] as const

/** What is not as it was written: of the manifest any bit, of the dump its size. */
const DAMAGED: [file: string, damage: (whole: Buffer) => Buffer][] = [
  ['manifest.json', (whole) => flipped(whole, yearIn(whole))],
  ['manifest.json', (whole) => whole.subarray(0, -1)],
  ['manifest.json', (whole) => whole.subarray(0, 0)],
  ['dump', (whole) => whole.subarray(0, -1)],
  ['dump', (whole) => whole.subarray(0, 0)],
  ['dump', (whole) => Buffer.concat([whole, whole.subarray(0, 1)])],
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

  test('G1.1.3 a dump that ends early is found by decoding it, although pg_dump said nothing, and a decoding that is killed proves none', async ({
    startJob,
  }) => {
    const job = await startJob()
    const short = `/usr/lib/postgresql/17/bin/pg_dump "$@" | head --bytes=-$([ "$1" = --version ] && echo 0 || echo 1000)`

    const failed = await job.run(['backup'], await job.replace('pg_dump', short))
    const killed = await job.run(['backup'], await job.replace('pg_restore', 'kill -s KILL $$'))

    expect(failed).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('pg_restore') })
    expect(killed.exitCode).toBe(1)
    expect([await statesOf(job), await filesLeft(job)]).toEqual([[], []])
  })

  test('G1.1.3 decoding a dump notices each of 40 changed bits in its rows, and in one that zstd compressed not all', async ({
    startJob,
    db,
  }) => {
    const job = await startJob()
    await addLargeTable(db, 2)
    await job.json(['backup'])

    const { ours, zstd } = await flipAndDecode(job, db, 40)

    expect(ours).toEqual({ isWhole: true, tried: 40, noticed: 40 })
    expect(zstd).toEqual({ isWhole: true, tried: 40, noticed: expect.toSatisfy((bits) => bits < 40) })
  })

  // The large dump has more than 66 MiB: gzip makes 62 MiB of random bytes, which pg_dump writes as digits, a seventh larger.
  test.for([
    ['of a small dump', 0, 200_000],
    ['at the end of a large dump', 62, 66 * 2 ** 20],
  ] as const)(
    'G1.1.3 a bit %s that changes between here and the store is found by reading it back',
    async ([, mebibytes, place], { startJob, db }) => {
      const job = await startJob()
      if (mebibytes > 0) await addLargeTable(db, mebibytes)
      const HMA_STORE_URL = await flipAfter(job, STORE, place)

      const failed = await job.run(['backup'], { HMA_STORE_URL })

      expect(failed.exitCode).not.toBe(0)
      expect(await statesOf(job)).toEqual([
        expect.objectContaining({ isVerified: false, hasManifest: false }),
      ])
    },
  )

  test('G1.1.3 so is one of a dump that a later run uploads, because the store did not get it before', async ({
    startJob,
  }) => {
    const job = await startJob()
    const killed = await killedAt(job, 'as the upload begins')
    const kept = await filesLeft(job)
    const HMA_STORE_URL = await flipAfter(job, STORE, 200_000)

    const failed = await job.run(['backup'], { HMA_STORE_URL })

    expect([killed.exitCode, kept]).toEqual([137, Array(2).fill(expect.stringMatching(/dump|manifest/))])
    expect(failed.exitCode).not.toBe(0)
    expect(await statesOf(job)).toEqual([expect.objectContaining({ isVerified: false, hasManifest: false })])
    expect(await filesLeft(job)).toEqual(kept)
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

    const outcomes: Outcome[] = []
    for (const [file, place] of CUTS) {
      const key = `${db.name}/${id}/${file}`
      await writeObject(bucket, key, (await readObject(bucket, key)).subarray(0, place))
      outcomes.push(await job.run(['restore-test']))
      await bringBack(bucket, key)
    }

    const refused = { exitCode: 1, stderr: expect.stringContaining(id) }
    expect(outcomes).toEqual(CUTS.map(() => expect.objectContaining(refused)))
    const tested = await job.run(['restore-test', '--json'])
    expect(tested.exitCode).toBe(0)
    expect(JSON.parse(tested.stdout)).toMatchObject({ backup: id, isProven: true })
  })

  test.for([
    ['the manifest', ['manifest.json']],
    ['everything', ['manifest.json', 'dump']],
  ] as const)(
    'G1.3.1 where %s of the newest backup is removed, no older one is taken for it unless it is named',
    async ([, files], { startJob, db, bucket, server }) => {
      const job = await startJob()
      const older = await job.json<{ id: string }>(['backup'])
      const { id } = await job.json<{ id: string }>(['backup'])
      const keys = files.map((file) => `${db.name}/${id}/${file}`)
      const restore = (...words: string[]) => restoreInto(job, server, db, 'live', ...words)

      for (const key of keys) await removeObject(bucket, key)
      const outcomes = [await job.run(['restore-test']), await restore()]
      const named = await restore('--backup', older.id)
      for (const key of keys) await bringBack(bucket, key)
      const tested = await job.run(['restore-test', '--json'])

      const refused = { exitCode: 1, stdout: '', stderr: expect.stringContaining(id) }
      expect(outcomes).toEqual([expect.objectContaining(refused), expect.objectContaining(refused)])
      expect([named.exitCode, tested.exitCode]).toEqual([0, 0])
      expect(JSON.parse(tested.stdout)).toMatchObject({ backup: id, isProven: true })
    },
  )

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
      const restored = await restoreInto(job, server, db, 'live')
      exitCodes.push([tested.exitCode, restored.exitCode])
      await writeObject(bucket, key, whole)
    }

    expect(exitCodes).toEqual([
      [1, 1],
      [1, 1],
    ])
    expect(await databasesOf(server)).toEqual([])
  })

  test('G1.3.1 a manifest that was changed or cut in the store, or a dump of another size, verifies nothing for the list and the prune', async ({
    startJob,
    db,
    bucket,
  }) => {
    const job = await startJob()
    const { id } = await job.json<{ id: string }>(['backup'])
    const listAndPrune = async () => [await listedStates(job), (await job.run(['backup-prune'])).exitCode]

    const seen: unknown[] = []
    for (const [file, damage] of DAMAGED) {
      const key = `${db.name}/${id}/${file}`
      const whole = await readObject(bucket, key)
      await writeObject(bucket, key, damage(whole))
      seen.push(await listAndPrune())
      await writeObject(bucket, key, whole)
    }

    const listed = (isVerified: boolean) => [{ id, isVerified, hasManifest: true }]
    expect(seen).toEqual(DAMAGED.map(() => [listed(false), 4]))
    expect(await listAndPrune()).toEqual([listed(true), 0])
  })
})
