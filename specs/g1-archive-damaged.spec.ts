import { describe, expect, test } from '../harness/index.ts'
import {
  archiveAll,
  archivedKeys,
  ask,
  backUpFully,
  commitRow,
  type RestoreResult,
  restoreTo,
  rowsOf,
  startArchive,
  stateOf,
  whileDamaged,
  whileStopped,
} from './vocabulary/archive.ts'

/** Four restores, on a busy machine. */
const SLOW = { timeout: 900_000 }
/** Files of a base backup, and not what describes them. */
const OF_A_BACKUP = /^backup\/hma\/[^/]+\/(?:bundle|pg_data)\//
const OF_ANY_BACKUP = /^backup\//
const ONE_LINE = { result: { error: { message: expect.stringMatching(/^[^\n]+$/) } } }

describe('G1.4 An archive that is damaged', SLOW, () => {
  test('G1.4.1 a restore from a damaged archive fails in one line and replaces nothing, and succeeds once the archive is whole', async ({
    sharedProject,
  }) => {
    await startArchive(sharedProject)
    await ask(sharedProject, 'drop table if exists archived')
    const segment = await ask(sharedProject, 'select pg_walfile_name(pg_current_wal_lsn())')
    const moment = await commitRow(sharedProject, 'first')
    await archiveAll(sharedProject)
    await commitRow(sharedProject, 'second')
    await archiveAll(sharedProject)
    const [file = ''] = await archivedKeys(sharedProject, OF_A_BACKUP)
    const [log = ''] = await archivedKeys(sharedProject, new RegExp(`/${segment}-`))
    const before = await stateOf(sharedProject)
    const restore = () => restoreTo(sharedProject, moment, '--confirm', 'hma')

    const failed: RestoreResult[] = [
      await whileDamaged(sharedProject, file, 'changed', restore),
      await whileDamaged(sharedProject, file, 'missing', restore),
      await whileDamaged(sharedProject, log, 'missing', restore),
    ]

    // The archive ends before the moment where the log of that time is missing.
    expect(failed.map(({ exitCode }) => exitCode)).toEqual([1, 1, 4])
    expect(failed).toMatchObject(failed.map(() => ONE_LINE))
    expect(before).toMatchObject({ status: 'running', folders: expect.arrayContaining(['data']) })
    expect(await stateOf(sharedProject)).toEqual(before)
    expect(await rowsOf(sharedProject)).toBe('first second')
    expect(await restore()).toMatchObject({ exitCode: 0 })
    expect(await rowsOf(sharedProject)).toBe('first')
  })

  test('G1.4.1 a base backup that fails leaves those before it as they were, and the next one succeeds', async ({
    sharedProject,
  }) => {
    await startArchive(sharedProject)
    const before = await archivedKeys(sharedProject, OF_ANY_BACKUP)

    const failed = await whileStopped(sharedProject, 'minio', () => backUpFully(sharedProject))
    const left = await archivedKeys(sharedProject, OF_ANY_BACKUP)
    await archiveAll(sharedProject)
    const next = await backUpFully(sharedProject)

    expect(before.length).toBeGreaterThan(0)
    expect([failed === 0, left]).toEqual([false, before])
    expect(next).toBe(0)
    const made = (await archivedKeys(sharedProject, OF_A_BACKUP)).filter((key) => !before.includes(key))
    expect(made).not.toEqual([])
  })
})
