import { describe, expect } from '../harness/index.ts'
import { statesOf, test } from './vocabulary/backups.ts'
import { createDatabase, openOther } from './vocabulary/databases.ts'
import { linesOn } from './vocabulary/failed-backups.ts'
import { startHeldBackup } from './vocabulary/interruptions.ts'
import {
  answersOf,
  backUpAndRead,
  fillUnusually,
  isBetween,
  momentOf,
  rowsIn,
  tablesWithOtherHash,
  versionOf,
} from './vocabulary/manifests.ts'
import { migrate } from './vocabulary/migrations.ts'
import { inOrder, writeVersions } from './vocabulary/object-versions.ts'
import { readStored, sha256 } from './vocabulary/stored-backups.ts'
import { insertUser } from './vocabulary/users.ts'

const SLOW = { timeout: 180_000 }
/** Each is another one than that of the other databases of the server, or than the one beside it. */
const CREATION = { encoding: 'UTF8', collate: 'C', ctype: 'C.UTF-8', provider: 'libc', locale: null }
const OTHER_LOCALE = `encoding 'UTF8' lc_collate 'C' lc_ctype 'C.UTF-8'`

/** Three tables of 200 rows or of two equal ones. */
const TABLES = `
  create table public.reordered (id integer, note text);
  create table public.changed (id integer, note text);
  create table public.twins (id integer, note text);
  insert into public.reordered select n, format('row %s', n) from generate_series(1, 200) n;
  insert into public.changed select n, format('row %s', n) from generate_series(1, 200) n;
  insert into public.twins values (1, 'one'), (1, 'one')`

/** The rows of the first once more, in another order; one value of the second; both rows of the third in the same way. */
const WRITE_AGAIN = `
  with deleted as (delete from public.reordered returning *)
    insert into public.reordered select * from deleted order by id desc;
  update public.changed set note = 'another' where id = 100;
  update public.twins set note = 'two'`

describe('G1.1 The manifest of a backup', SLOW, () => {
  test('G1.1.3 it says of its database what the database says of itself, of every table and sequence, and nothing else', async ({
    startJob,
    project,
    db,
    bucket,
  }) => {
    const job = await startJob()
    await using other = await createDatabase(db, OTHER_LOCALE)
    expect(await migrate(project, other, 'apply')).toMatchObject({ exitCode: 0 })
    await using database = await openOther(other)
    await fillUnusually(database)
    const { rows, sequences, extensions, ...answers } = await answersOf(database)

    const { exitCode, manifest } = await backUpAndRead(job, database)

    expect(exitCode).toBe(0)
    const [backup] = await statesOf(job)
    const { dump } = await readStored(bucket, database, backup?.id ?? '')
    const text = expect.any(String)
    expect(manifest).toEqual({
      ...{ format: 2, id: backup?.id, takenAt: text, lsn: text, sha256: text, objects: null },
      ...answers,
      clientVersion: await versionOf(job, 'pg_dump'),
      creation: CREATION,
      access: expect.any(Array),
      dump: { bytes: dump.length, sha256: sha256(dump) },
      contents: { tables: expect.any(Object), catalog: expect.any(Array), sequences, extensions },
    })
    expect(rowsIn(manifest)).toEqual(rows)
  })

  test('G1.1.3 position, moment and rows in it are those of the snapshot, whatever happens during the dump', async ({
    startJob,
    db,
    bucket,
  }) => {
    const job = await startJob()
    const before = await momentOf(db)
    const backup = await startHeldBackup(job)
    const opened = await momentOf(db)
    await insertUser(db)

    const { exitCode } = await backup.goOn()

    expect(exitCode).toBe(0)
    const [state] = await statesOf(job)
    const { manifest } = await readStored(bucket, db, state?.id ?? '')
    expect(await isBetween(db, manifest, before, opened)).toEqual({ position: true, time: true })
    expect(manifest.takenAt.replaceAll(/[-:.]/g, '')).toBe(state?.id)
    expect(rowsIn(manifest)['auth.users']).toBe(0)
  })
})

describe('G1.3 What a restored database is compared with', SLOW, () => {
  test('G1.3.2 the hash of a table is the same for the same rows in another order, and another one where a row was changed', async ({
    startJob,
    db,
  }) => {
    const job = await startJob()
    await db.query(TABLES)

    const before = await backUpAndRead(job, db)
    await db.query(WRITE_AGAIN)
    const after = await backUpAndRead(job, db)

    expect([before.exitCode, after.exitCode]).toEqual([0, 0])
    expect(rowsIn(after.manifest)).toEqual(rowsIn(before.manifest))
    expect(tablesWithOtherHash(before.manifest, after.manifest)).toEqual(['public.changed', 'public.twins'])
  })

  test('G1.3.2 every version of every object is listed, beyond a page of the store, and of keys that were deleted', async ({
    startJob,
    db,
    bucket,
  }) => {
    const job = await startJob()
    const written = await writeVersions(bucket)

    const { exitCode, manifest } = await backUpAndRead(job, db, { HMA_BUCKET: bucket.name })

    expect(exitCode).toBe(0)
    expect(manifest?.objects?.bucket).toBe(bucket.name)
    expect(inOrder(manifest?.objects?.versions)).toEqual(inOrder(written))
  })

  test('G1.3.2 a backup that was not told the bucket of the objects lists none, and one line names the variable', async ({
    startJob,
    db,
    bucket,
  }) => {
    const job = await startJob()

    const runs = [await job.run(['backup']), await job.run(['backup'], { HMA_BUCKET: bucket.name })]

    const lines = runs.map(({ stderr }) => linesOn('HMA_BUCKET', stderr).length)
    expect([runs.map(({ exitCode }) => exitCode), lines]).toEqual([
      [0, 0],
      [1, 0],
    ])
    const ids = (await statesOf(job)).map(({ id }) => id)
    const stored = await Promise.all(ids.map((id) => readStored(bucket, db, id)))
    expect(stored.map(({ manifest }) => manifest.objects?.bucket)).toEqual([bucket.name, undefined])
  })
})
