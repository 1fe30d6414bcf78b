import { describe, expect, test } from '../harness/index.ts'
import { duringBackup } from './vocabulary/backup-scripts.ts'
import { APPEARANCES, looksOf, objectionsOf, openDashboard, panelsShown } from './vocabulary/browser.ts'
import { behindProxy } from './vocabulary/bucket-machine.ts'
import { addressesNamed, containerOf } from './vocabulary/containers.ts'
import { attemptOnDatabaseVolume, MEASURE } from './vocabulary/database-disk.ts'
import { rulesLoaded, silentAlerts } from './vocabulary/loaded-rules.ts'
import {
  ALL_UP,
  alertsOf,
  checkExporter,
  loginsOf,
  OF_THE_SERVICES,
  PROFILE,
  retentionOf,
  startCollected,
  startObserved,
  targetsOf,
  UNTIL_COLLECTED,
  UNTIL_ENDED,
  UNTIL_FIRING,
  UNTIL_SCANNED,
  valuesByJob,
} from './vocabulary/observed-stack.ts'
import { alertsListed, alertsMisreported, fireAll, instructionsShown } from './vocabulary/page-alerts.ts'
import { rulesIn, wordsOfRunbook } from './vocabulary/rules.ts'
import { CONFINED, limitsWith, restrictionsOf } from './vocabulary/running-profiles.ts'
import { whileStopped } from './vocabulary/stack.ts'
import { loadStack, lockTable } from './vocabulary/stack-load.ts'
import { expectEachDrawn, rangesOf } from './vocabulary/time-ranges.ts'

const SLOW = { timeout: 420_000 }

/** There is none before a backup has failed. */
const AFTER_A_FAILURE = ['hma_backup_last_failure_timestamp_seconds']

const DATABASE_DOWN = 'DatabaseDown docs/observability.md#databasedown'
/** A panel of one query. */
const REFUSED = 'Longest transaction'
/** Of what the service backup alone knows. */
const OF_THE_BACKUPS = ['Age of the newest backup', 'Since a restore was verified', 'Recovery time']

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
    await startCollected(sharedProject)

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

  test('E1.1.1 figures are kept for fifteen days, and up to a gigabyte', async ({ sharedProject }) => {
    await startObserved(sharedProject)

    expect(await retentionOf(sharedProject)).toMatch(/^15d or 1Gi?B$/)
  })

  test('E1.1.4 the service that measures the disk of the database can neither read nor change a file of it', async ({
    sharedProject,
  }) => {
    await startObserved(sharedProject)

    expect(await attemptOnDatabaseVolume(sharedProject)).toEqual([MEASURE])
  })

  test('A1.1.4 the restrictions hold inside of the containers of the profile', async ({ sharedProject }) => {
    await startObserved(sharedProject)

    const found = await restrictionsOf(sharedProject, PROFILE)

    expect(PROFILE.filter((service) => !(service in found))).toBeOneOf([[], ['redis-exporter']])
    expect(Object.values(found)).toEqual(Object.values(found).map(() => CONFINED))
  })

  test('A1.0.5 the containers of the profile have the limits of the model', async ({ sharedProject }) => {
    await startObserved(sharedProject)

    const { running, rendered } = await limitsWith(sharedProject, ['backup', 'observability'])

    expect(running).toEqual(rendered)
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

  test.for(APPEARANCES)(
    'E1.2.3 in a browser, $colorScheme and $width pixels wide, every panel shows the lines and numbers that it was given',
    async (appearance, { sharedProject }) => {
      await startObserved(sharedProject)
      await using opened = await openDashboard(sharedProject, appearance)

      await expect
        .poll(() => panelsShown(opened), UNTIL_COLLECTED)
        .toEqual({ all: opened.titles, empty: [], wrong: [], ended: [] })
      expect(await objectionsOf(opened)).toEqual([])
      expect(await looksOf(opened)).toEqual({ isDark: appearance.colorScheme === 'dark', fits: true })
      expect(opened.problems).toEqual([])
    },
  )

  test('E1.2.3 every panel shows what it was given, drawn anew, in each range of time that the page offers', async ({
    sharedProject,
  }) => {
    await startObserved(sharedProject)
    await using opened = await openDashboard(sharedProject, APPEARANCES[0])

    const ranges = await rangesOf(opened)

    expect(ranges.length).toBeGreaterThan(1)
    await expectEachDrawn(opened, ranges, UNTIL_COLLECTED)
    expect(opened.problems).toEqual([])
  })

  test('E1.2.3 of a service that is gone no number is shown, but the time of its last one', async ({
    sharedProject,
  }) => {
    await startObserved(sharedProject)
    await using opened = await openDashboard(sharedProject, APPEARANCES[0])
    const shown = () => panelsShown(opened)
    const right = { empty: [], wrong: [] }
    await expect.poll(shown, UNTIL_COLLECTED).toMatchObject({ ...right, ended: [] })

    const ending = () => expect.poll(shown, UNTIL_ENDED).toMatchObject({ ...right, ended: OF_THE_BACKUPS })
    await whileStopped(sharedProject, 'backup', ending, ['--profile', 'backup'])

    await expect.poll(shown, UNTIL_SCANNED).toMatchObject({ ...right, ended: [] })
  })

  test('E1.2.3 a query that is refused empties its own panel, and neither another one nor the alerts', async ({
    sharedProject,
  }) => {
    await startObserved(sharedProject)

    await using opened = await openDashboard(sharedProject, APPEARANCES[0], REFUSED)

    const shown = { all: opened.titles, empty: [REFUSED], wrong: [expect.stringContaining(REFUSED)] }
    await expect.poll(() => panelsShown(opened), UNTIL_COLLECTED).toMatchObject(shown)
    await expect.poll(() => alertsMisreported(opened, sharedProject), UNTIL_COLLECTED).toEqual([])
  })

  test('E1.1.3 the page says with every alert what to do, as its runbook does', async ({ sharedProject }) => {
    await startObserved(sharedProject)
    const rules = rulesIn(sharedProject)
    await using opened = await openDashboard(sharedProject, APPEARANCES[1])

    await fireAll(opened, rules)

    const runbooks = rules.map((rule) => [rule.alert, wordsOfRunbook(sharedProject, rule)])
    await expect.poll(() => instructionsShown(opened), UNTIL_COLLECTED).toEqual(Object.fromEntries(runbooks))
    expect(await objectionsOf(opened)).toEqual([])
    expect(await looksOf(opened)).toMatchObject({ fits: true })
  })

  test('E1.1.3 alerts about what a load has done reach Alertmanager', async ({ sharedProject }) => {
    await startCollected(sharedProject)

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
    await using opened = await openDashboard(sharedProject, APPEARANCES[0])

    await whileStopped(sharedProject, 'postgres', async () => {
      await expect.poll(() => valuesByJob(sharedProject, 'pg_up'), UNTIL_COLLECTED).toEqual({ postgres: 0 })
      await expect.poll(() => alertsOf(sharedProject), UNTIL_FIRING).toContain('DatabaseDown')
      await expect.poll(() => alertsListed(opened), UNTIL_COLLECTED).toContain(DATABASE_DOWN)
      await expect.poll(() => alertsMisreported(opened, sharedProject), UNTIL_COLLECTED).toEqual([])
    })

    await expect.poll(() => alertsOf(sharedProject), UNTIL_COLLECTED).not.toContain('DatabaseDown')
    await expect.poll(() => alertsListed(opened), UNTIL_COLLECTED).not.toContain(DATABASE_DOWN)
  })
})
