import { describe, expect, test } from '../harness/index.ts'
import { emptyQueries, quietQueries } from './vocabulary/dashboard.ts'
import {
  backUpObserved,
  startCollected,
  startObserved,
  UNTIL_COLLECTED,
  UNTIL_SCANNED,
  valuesByJob,
} from './vocabulary/observed-stack.ts'
import {
  backupsDiffering,
  backupsReported,
  placesOf,
  rowsDiffering,
  serversDiffering,
} from './vocabulary/panel-values.ts'
import { loadStack, sealAll } from './vocabulary/stack-load.ts'

const SLOW = { timeout: 420_000 }

/** A checkpoint by the clock is made every five minutes: later than a test waits. */
const LATER = ['Checkpoints A']

describe('E1.2 The panels of the running stack', SLOW, () => {
  test('E1.2.1 after a load, every query of every panel returns what the load has done', async ({
    sharedProject,
  }) => {
    await startCollected(sharedProject)

    await using _ = await loadStack(sharedProject)

    const quiet = () => quietQueries(sharedProject, LATER)
    await expect.poll(quiet, UNTIL_COLLECTED).toBeOneOf([[], ['Object store A']])
    await expect.poll(quiet, UNTIL_SCANNED).toEqual([])
  })

  test('E1.2.1 at rest, when all audit rows are sealed, every query of every panel returns something', async ({
    sharedProject,
  }) => {
    await startCollected(sharedProject)

    await sealAll(sharedProject)
    const unsealed = () => valuesByJob(sharedProject, 'hma_audit_unsealed_rows')
    await expect.poll(unsealed, UNTIL_COLLECTED).toEqual({ postgres: 0 })
    await expect.poll(() => emptyQueries(sharedProject), UNTIL_SCANNED).toEqual([])
  })

  test('E1.2.1 after a backup that follows a restore test, every query of every panel returns something', async ({
    sharedProject,
  }) => {
    await startObserved(sharedProject)
    await expect.poll(() => emptyQueries(sharedProject), UNTIL_SCANNED).toEqual([])

    await backUpObserved(sharedProject)

    await expect.poll(() => emptyQueries(sharedProject), UNTIL_COLLECTED).toEqual([])
  })

  test('E1.2.1 under a load, the numbers of the panels are those that db-stats and cache-stats print', async ({
    sharedProject,
  }) => {
    await startCollected(sharedProject)
    const places = await placesOf(sharedProject)

    await using _ = await loadStack(sharedProject)

    await expect.poll(() => serversDiffering(sharedProject, places), UNTIL_SCANNED).toEqual([])
  })

  test('E1.2.1 after a load, the numbers of the panel of dead rows are those that db-stats prints', async ({
    sharedProject,
  }) => {
    await startCollected(sharedProject)
    const places = await placesOf(sharedProject)

    const load = await loadStack(sharedProject)
    await load[Symbol.asyncDispose]()

    await expect.poll(() => rowsDiffering(sharedProject, places), UNTIL_SCANNED).toEqual([])
  })

  test('E1.2.1 the numbers of the panels of the backups are those of the newest backup in the store and of the last restore test', async ({
    sharedProject,
  }) => {
    await startCollected(sharedProject)
    await expect.poll(() => emptyQueries(sharedProject), UNTIL_SCANNED).toEqual([])
    const backups = await backupsReported(sharedProject)

    await expect.poll(() => backupsDiffering(sharedProject, backups), UNTIL_COLLECTED).toEqual([])
  })
})
