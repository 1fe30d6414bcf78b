import { describe, expect, test } from '../harness/index.ts'
import { afterFailedBackup, CAUSED, whileFrozen, whileMuchIsWrong } from './vocabulary/alert-causes.ts'
import { alertsSeen, inhibitedAlerts, startHurried } from './vocabulary/live-alerts.ts'
import { rulesLoaded, silentAlerts } from './vocabulary/loaded-rules.ts'
import {
  ALL_UP,
  alertsOf,
  targetsOf,
  UNTIL_COLLECTED,
  UNTIL_ENDED,
  UNTIL_FIRING,
  UNTIL_SCANNED,
} from './vocabulary/observed-stack.ts'

/** The stack starts; the object store counts its disk once a minute, before the alert and before its end. */
const SLOW = { timeout: 900_000 }

/** What a frozen database causes, sorted. */
const FROZEN = ['DatabaseDown', 'ModelServerDegraded']

describe('E1.1 The alerts of the running stack', SLOW, () => {
  test('E1.1.3 the alerts about old backups, months, disk, connections, a long transaction, a deadlock and evicted keys fire when these are caused, no other does, and all end when they are undone', async ({
    sharedProject,
  }) => {
    await startHurried(sharedProject)
    await expect.poll(() => alertsOf(sharedProject), UNTIL_ENDED).toEqual([])

    await whileMuchIsWrong(sharedProject, () =>
      expect.poll(alertsSeen(sharedProject), UNTIL_ENDED).toEqual(CAUSED),
    )

    const caused = async () => (await alertsOf(sharedProject)).filter((alert) => CAUSED.includes(alert))
    await expect.poll(caused, UNTIL_ENDED).toEqual([])
  })

  test('E1.1.3 after a backup has failed its alert fires until one succeeds, and every alert has the series that it asks for', async ({
    sharedProject,
  }) => {
    await startHurried(sharedProject)
    const alerts = () => alertsOf(sharedProject)
    await expect.poll(alerts, UNTIL_ENDED).not.toContain('BackupFailed')

    await afterFailedBackup(sharedProject, async () => {
      await expect.poll(alerts, UNTIL_COLLECTED).toContain('BackupFailed')
      await expect.poll(() => silentAlerts(sharedProject), UNTIL_SCANNED).toEqual([])
      expect((await rulesLoaded(sharedProject)).unknown).toEqual([])
    })

    await expect.poll(alerts, UNTIL_COLLECTED).not.toContain('BackupFailed')
  })

  test('E1.1.3 while the database is frozen its alert fires and inhibits that of the ML stub, every other target stays up, and both alerts end when it goes on', async ({
    sharedProject,
  }) => {
    await startHurried(sharedProject)
    const firing = async () => (await alertsOf(sharedProject)).filter((alert) => FROZEN.includes(alert))
    const others = (targets: string[]) => targets.filter((target) => !target.startsWith('postgres:'))
    await expect.poll(firing, UNTIL_ENDED).toEqual([])

    await whileFrozen(sharedProject, 'postgres', async () => {
      await expect.poll(firing, UNTIL_FIRING).toEqual(FROZEN)
      await expect
        .poll(() => inhibitedAlerts(sharedProject), UNTIL_COLLECTED)
        .toEqual({ ModelServerDegraded: ['DatabaseDown'] })
      const up = async () => others(await targetsOf(sharedProject))
      await expect.poll(up, UNTIL_COLLECTED).toEqual(others(ALL_UP))
    })

    await expect.poll(firing, UNTIL_ENDED).toEqual([])
  })
})
