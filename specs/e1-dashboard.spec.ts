import { describe, expect, test } from '../harness/index.ts'
import { backUp, duringBackup } from './vocabulary/backup-scripts.ts'
import { APPEARANCES, looksOf, objectionsOf, openDashboard, panelsShown } from './vocabulary/browser.ts'
import { behindProxy } from './vocabulary/bucket-machine.ts'
import { askPostgres } from './vocabulary/clients.ts'
import { addressesNamed, containerOf } from './vocabulary/containers.ts'
import { dashboardOf, emptyQueries, quietQueries } from './vocabulary/dashboard.ts'
import {
  alertsOf,
  checkExporter,
  loginsOf,
  PROFILE,
  rulesLoaded,
  silentAlerts,
  startObserved,
  targetsOf,
  valuesByJob,
} from './vocabulary/observed-stack.ts'
import { rulesIn } from './vocabulary/rules.ts'
import { run } from './vocabulary/stack.ts'
import { loadStack, lockTable } from './vocabulary/stack-load.ts'
import { drawingsOf, rangesOf, showRange, unchangedIn } from './vocabulary/time-ranges.ts'

const SLOW = { timeout: 300_000 }
const UNTIL_COLLECTED = { timeout: 45_000, interval: 1000 }
/** The object store counts for the first time a minute after its start. */
const UNTIL_SCANNED = { timeout: 90_000, interval: 1000 }
/** The rule waits for half a minute. */
const UNTIL_FIRING = { timeout: 90_000, interval: 1000 }

const JOBS = [
  'alertmanager',
  'audit',
  'backup',
  'minio',
  'minio-buckets',
  'ml',
  'postgres',
  'prometheus',
  'redis',
]

const ALL_UP = JOBS.map((job) => `${job}: up`).sort()

/** A value of each service itself, behind its exporter. */
const OF_THE_SERVICES =
  'pg_up or redis_up or minio_cluster_nodes_online_total or hma_ml_database_up or (hma_schedule_last_exit_code{exported_job="seal"} + 1) or (0 * hma_backup_last_success_timestamp_seconds + 1)'

const NEWEST_BACKUP = 'hma_backup_last_success_timestamp_seconds'

const SEAL = 'select count(*) from audit.seal()'

/** There is none before a backup has failed. */
const AFTER_A_FAILURE = ['hma_backup_last_failure_timestamp_seconds']

/** A checkpoint by the clock is made every five minutes: later than a test waits. */
const LATER = ['Checkpoints A']

describe('E1 The stack with the profile observability', SLOW, () => {
  test('E1.1.1 Prometheus collects from every service, from nothing else, and every target is up', async ({
    sharedProject,
  }) => {
    const started = await startObserved(sharedProject)

    expect(started, started.said).toMatchObject({
      setup: 0,
      running: expect.arrayContaining(PROFILE),
      backup: 0,
    })

    await expect.poll(() => targetsOf(sharedProject), UNTIL_COLLECTED).toEqual(ALL_UP)
    await expect
      .poll(() => valuesByJob(sharedProject, OF_THE_SERVICES), UNTIL_COLLECTED)
      .toEqual({ audit: 1, backup: 1, minio: 1, ml: 1, postgres: 1, redis: 1 })
  })

  test('E1.1.1 the exporter of Postgres is found healthy where the engine hands a proxy to every container', async ({
    sharedProject,
  }) => {
    await startObserved(sharedProject)

    const checked = await checkExporter(sharedProject, await behindProxy(sharedProject))

    expect(checked.exitCode, checked.stderr).toBe(0)
  })

  test('E1.1.1 the exporter asks the database as the login that only monitors', async ({ sharedProject }) => {
    await startObserved(sharedProject)

    await expect.poll(() => loginsOf(sharedProject, 'postgres-exporter'), UNTIL_COLLECTED).toBe('hma_monitor')
  })

  test('E1.1.1 every target stays up while a table is locked exclusively', async ({ sharedProject }) => {
    await startObserved(sharedProject)
    await expect.poll(() => targetsOf(sharedProject), UNTIL_COLLECTED).toEqual(ALL_UP)

    await using _ = await lockTable(sharedProject, 'auth.sessions')
    const since = Date.now()

    await expect.poll(() => targetsOf(sharedProject, since), UNTIL_COLLECTED).toEqual(ALL_UP)
  })

  test('E1.1.1 a backup by hand is no further target: the name of the service leads to the service alone', async ({
    sharedProject,
  }) => {
    await startObserved(sharedProject)
    const { addresses } = await containerOf(sharedProject, 'backup')

    const found = await duringBackup(sharedProject, () => addressesNamed(sharedProject, 'backup'))

    expect(found).toEqual(addresses)
  })

  test('E1.1.3 Prometheus has loaded every alert, and has got every metric that one is about', async ({
    sharedProject,
  }) => {
    await startObserved(sharedProject)
    const unknown = async () => (await rulesLoaded(sharedProject)).unknown

    await expect.poll(unknown, UNTIL_SCANNED).toBeOneOf([[], AFTER_A_FAILURE])
    expect((await rulesLoaded(sharedProject)).alerts).toEqual(
      rulesIn(sharedProject).map(({ alert }) => alert),
    )
  })

  test('E1.1.3 every alert asks for series that the stack has', async ({ sharedProject }) => {
    await startObserved(sharedProject)

    const silent = () => silentAlerts(sharedProject)

    await expect.poll(silent, UNTIL_SCANNED).toBeOneOf([[], ['BackupFailed']])
  })

  test('E1.2.1 after a load, every query of every panel returns what the load has done', async ({
    sharedProject,
  }) => {
    await startObserved(sharedProject)
    await expect.poll(() => targetsOf(sharedProject), UNTIL_COLLECTED).toEqual(ALL_UP)

    await using _ = await loadStack(sharedProject)

    const quiet = () => quietQueries(sharedProject, LATER)
    await expect.poll(quiet, UNTIL_COLLECTED).toBeOneOf([[], ['Object store A']])
    await expect.poll(quiet, UNTIL_SCANNED).toEqual([])
  })

  test('E1.2.1 at rest, when all audit rows are sealed, every query of every panel returns something', async ({
    sharedProject,
  }) => {
    await startObserved(sharedProject)
    await expect.poll(() => targetsOf(sharedProject), UNTIL_COLLECTED).toEqual(ALL_UP)

    const seals = await askPostgres(sharedProject, 'postgres', 'postgres-password', SEAL)
    const unsealed = () => valuesByJob(sharedProject, 'hma_audit_unsealed_rows')

    expect(seals).toMatch(/^\d+$/)
    await expect.poll(unsealed, UNTIL_COLLECTED).toEqual({ postgres: 0 })
    await expect.poll(() => emptyQueries(sharedProject), UNTIL_SCANNED).toEqual([])
  })

  test('E1.2.1 after a backup that follows a restore test, every query of every panel returns something', async ({
    sharedProject,
  }) => {
    await startObserved(sharedProject)
    await expect.poll(() => emptyQueries(sharedProject), UNTIL_SCANNED).toEqual([])
    const before = await valuesByJob(sharedProject, NEWEST_BACKUP)

    await backUp(sharedProject, 1)

    // One file holds what both publish: with the newer time Prometheus has got all of it.
    const isNewer = (seconds: number) => seconds > (before.backup ?? Number.NaN)
    const newer = { backup: expect.toSatisfy(isNewer) }
    await expect.poll(() => valuesByJob(sharedProject, NEWEST_BACKUP), UNTIL_COLLECTED).toEqual(newer)
    await expect.poll(() => emptyQueries(sharedProject), UNTIL_COLLECTED).toEqual([])
  })

  test.for(APPEARANCES)(
    'E1.2.3 in a browser, $colorScheme and $width pixels wide, every panel shows the lines and numbers that it was given',
    async (appearance, { sharedProject }) => {
      await startObserved(sharedProject)

      const { panels } = dashboardOf(sharedProject)
      await using opened = await openDashboard(sharedProject, appearance)

      await expect
        .poll(() => panelsShown(opened, panels), UNTIL_COLLECTED)
        .toEqual({ all: panels.map(({ title }) => title), empty: [], wrong: [] })
      expect(await objectionsOf(opened)).toEqual([])
      expect(await looksOf(opened)).toEqual({ isDark: appearance.colorScheme === 'dark', fits: true })
      expect(opened.problems).toEqual([])
    },
  )

  test('E1.2.3 every panel shows what it was given, drawn anew, in each range of time that the page offers', async ({
    sharedProject,
  }) => {
    await startObserved(sharedProject)
    const { panels } = dashboardOf(sharedProject)
    await using opened = await openDashboard(sharedProject, APPEARANCES[0])

    const ranges = await rangesOf(opened)
    expect(ranges.length).toBeGreaterThan(1)
    let drawings: Record<string, string> = {}
    for (const range of ranges) {
      await showRange(opened, range)
      await expect
        .poll(() => panelsShown(opened, panels), { ...UNTIL_COLLECTED, message: range })
        .toMatchObject({ all: panels.map(({ title }) => title), wrong: [] })
      const unchanged = () => unchangedIn(opened, drawings)
      await expect.poll(unchanged, { ...UNTIL_COLLECTED, message: range }).toEqual([])
      drawings = await drawingsOf(opened)
    }
    expect(opened.problems).toEqual([])
  })

  test('E1.1.3 alerts about what a load has done reach Alertmanager', async ({ sharedProject }) => {
    await startObserved(sharedProject)
    await expect.poll(() => targetsOf(sharedProject), UNTIL_COLLECTED).toEqual(ALL_UP)

    await using _ = await loadStack(sharedProject)

    await expect
      .poll(() => alertsOf(sharedProject), UNTIL_COLLECTED)
      .toEqual(expect.arrayContaining(['CacheEvictions', 'Deadlocks']))
  })

  test('E1.1.3 the alert of the database reaches Alertmanager when the database stops, and ends when it is back', async ({
    sharedProject,
  }) => {
    await startObserved(sharedProject)
    await expect.poll(() => valuesByJob(sharedProject, 'pg_up'), UNTIL_COLLECTED).toEqual({ postgres: 1 })
    expect(await alertsOf(sharedProject)).not.toContain('DatabaseDown')

    await run(sharedProject, ['stop', 'postgres'])

    await expect.poll(() => valuesByJob(sharedProject, 'pg_up'), UNTIL_COLLECTED).toEqual({ postgres: 0 })
    await expect.poll(() => alertsOf(sharedProject), UNTIL_FIRING).toContain('DatabaseDown')

    await run(sharedProject, ['start', 'postgres'])

    await expect.poll(() => alertsOf(sharedProject), UNTIL_COLLECTED).not.toContain('DatabaseDown')
  })
})
