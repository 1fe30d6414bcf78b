import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '../harness/index.ts'
import { render } from './vocabulary/compose.ts'
import { replaceFile } from './vocabulary/files.ts'
import {
  checkScheduler,
  eventsOf,
  everyTwoSeconds,
  KILLS_ITSELF,
  LONGER_THAN_THE_INTERVAL,
  lastExitCodes,
  metricsOf,
  noteRuns,
  onlyJob,
  replaceBackups,
  runSchedule,
  runsOf,
  scheduleOf,
  startScheduler,
  startsWithout,
} from './vocabulary/schedule.ts'

const VARIANTS = ['dev', 'test', 'prod'] as const
const SOON = { timeout: 20_000, interval: 100 }
/** A zone without daylight saving: 5:45 before UTC. */
const KATHMANDU = {
  HMA_BACKUP_ZONE: 'Asia/Kathmandu',
  HMA_BACKUP_SCHEDULE: '15 3 * * *',
  HMA_RESTORE_TEST_SCHEDULE: '15 4 * * 0',
}
const REFUSED = { exitCode: 2, isNamed: true }
/** By service: what its jobs cannot do without. */
const NEEDED = {
  audit: { HMA_DATABASE_URL: REFUSED },
  archive: { HMA_DATABASE_URL: REFUSED },
  backup: {
    HMA_DATABASE_URL: REFUSED,
    HMA_STORE_URL: REFUSED,
    HMA_STORE_KEY_ID_FILE: REFUSED,
    HMA_STORE_KEY_SECRET_FILE: REFUSED,
    HMA_BACKUP_BUCKET: REFUSED,
  },
}
const NIGHTLY = /T21:30:00.000Z$/

describe('G1.1 The schedule of the backups', () => {
  test('G1.1.1 it is a part of its profile alone, in every variant', async ({ sharedProject }) => {
    const without = await Promise.all(VARIANTS.map((variant) => render(sharedProject, variant)))
    const within = await Promise.all(VARIANTS.map((variant) => render(sharedProject, variant, ['backup'])))

    expect(without.map(({ model }) => model.services.backup)).toEqual([undefined, undefined, undefined])
    expect(within.map(({ model }) => model.services.backup?.restart)).toEqual(Array(3).fill('unless-stopped'))
  })

  test('G1.1.1 it backs up and prunes daily and tests a restore weekly, at the configured times', async ({
    project,
  }) => {
    await replaceBackups(project)
    const words = scheduleOf(project, 'backup', { ...KATHMANDU, HMA_BACKUP_JITTER: '0' })
    const scheduler = await startScheduler(project, words)

    await expect.poll(() => eventsOf(scheduler, 'succeeded').length, SOON).toBe(3)

    const nextOf = (name: string) => eventsOf(scheduler, 'succeeded').find(({ job }) => job === name)?.next
    expect([nextOf('backup'), nextOf('prune')]).toEqual(Array(2).fill(expect.stringMatching(NIGHTLY)))
    expect(nextOf('restore-test')).toMatch(/T22:30:00.000Z$/)
    expect(new Date(String(nextOf('restore-test'))).getUTCDay()).toBe(6)
    expect(Date.parse(String(nextOf('backup'))) - Date.now()).toBeLessThanOrEqual(86_400_000)
  })

  test('G1.1.1 each start is later by chance, and by at most the jitter', async ({ project }) => {
    await replaceBackups(project)
    const atOnce = { ...KATHMANDU, HMA_RESTORE_TEST_SCHEDULE: KATHMANDU.HMA_BACKUP_SCHEDULE }
    const words = scheduleOf(project, 'backup', { ...atOnce, HMA_BACKUP_JITTER: '600' })
    const scheduler = await startScheduler(project, words)

    await expect.poll(() => eventsOf(scheduler, 'succeeded').length, SOON).toBe(3)

    const starts = eventsOf(scheduler, 'succeeded').map(({ next }) => new Date(String(next)))
    const lateness = starts.map((start) => start.getTime() - new Date(start).setUTCHours(21, 30, 0, 0))
    expect(Math.min(...lateness)).toBeGreaterThan(0)
    expect(Math.max(...lateness)).toBeLessThanOrEqual(600_000)
    // Once in a million times all three are within the first hundredth.
    expect(Math.max(...lateness)).toBeGreaterThan(6000)
  })

  test('G1.1.1 it runs again whenever its time comes', async ({ project }) => {
    await replaceBackups(project)
    const words = everyTwoSeconds(scheduleOf(project, 'backup', { HMA_BACKUP_JITTER: '0' }))

    await startScheduler(project, onlyJob(words, 'backup'))

    await expect.poll(async () => (await runsOf(project)).length, SOON).toBeGreaterThanOrEqual(6)
  })

  test('G1.1.1 no run begins before the last one has ended, and the time that is skipped is logged', async ({
    project,
  }) => {
    await replaceBackups(project, LONGER_THAN_THE_INTERVAL)
    const words = everyTwoSeconds(scheduleOf(project, 'backup', { HMA_BACKUP_JITTER: '0' }))
    const scheduler = await startScheduler(project, onlyJob(words, 'backup'))

    await expect.poll(async () => (await runsOf(project)).length, SOON).toBeGreaterThanOrEqual(4)

    const runs = await runsOf(project)
    expect(runs.slice(0, 4)).toEqual(['begins backup', 'ends backup', 'begins backup', 'ends backup'])
    expect(eventsOf(scheduler, 'skipped')).toContainEqual(expect.objectContaining({ job: 'backup' }))
  })

  test.for([
    ['fails', 'process.exit(1)', 1],
    ['reaches nothing', 'process.exit(3)', 3],
    ['is killed', KILLS_ITSELF, 137],
  ] as const)(
    'G1.1.1 a run that %s is seen in log, metric and health',
    async ([, body, exitCode], { project }) => {
      await replaceBackups(project, body)
      const scheduler = await startScheduler(project, onlyJob(scheduleOf(project, 'backup'), 'backup'))

      await expect
        .poll(() => eventsOf(scheduler, 'failed'), SOON)
        .toEqual([expect.objectContaining({ job: 'backup', exitCode })])

      expect(await lastExitCodes(scheduler)).toEqual({ backup: exitCode })
      expect(await checkScheduler(project, scheduler)).toEqual({
        exitCode: 1,
        problems: [expect.stringMatching(`^backup ended with exit code ${exitCode} `)],
      })
    },
  )

  test('G1.1.1 the failure is over with the next success', async ({ project }) => {
    await replaceBackups(project, 'if (!existsSync("mended")) process.exit(1)')
    const words = everyTwoSeconds(scheduleOf(project, 'backup', { HMA_BACKUP_JITTER: '0' }))
    const scheduler = await startScheduler(project, onlyJob(words, 'backup'))
    await expect.poll(() => lastExitCodes(scheduler), SOON).toEqual({ backup: 1 })

    await writeFile(join(project.root, 'mended'), '')

    await expect.poll(() => lastExitCodes(scheduler), SOON).toEqual({ backup: 0 })
    expect(await checkScheduler(project, scheduler)).toEqual({ exitCode: 0, problems: [] })
  })

  test('G1.1.1 a run that was missed is made up for at the start, and no other', async ({ project }) => {
    await replaceBackups(project)
    await noteRuns(project, { backup: 25, prune: 0 })

    const scheduler = await startScheduler(project, scheduleOf(project, 'backup'))

    await expect.poll(async () => (await runsOf(project)).length, SOON).toBe(4)
    expect(await runsOf(project)).toEqual(
      ['backup', 'restore-test'].flatMap((job) => [`begins ${job}`, `ends ${job}`]),
    )
    expect(await lastExitCodes(scheduler)).toMatchObject({ prune: 0 })
  })

  test('G1.1.1 it serves what the backups say of themselves', async ({ project }) => {
    await replaceBackups(project, `writeFileSync('.hma/metrics.prom', 'hma_backup_last_size_bytes 7\\n')`)

    const scheduler = await startScheduler(project, onlyJob(scheduleOf(project, 'backup'), 'backup'))

    await expect.poll(() => metricsOf(scheduler), SOON).toContain('\nhma_backup_last_size_bytes 7\n')
  })

  test.for(['folder', 'loop', 'pipe'])(
    'G1.1.1 a %s in the place of the metrics of the backups takes no figure away but theirs',
    async (state, { project }) => {
      await replaceBackups(project, `writeFileSync('.hma/other.prom', 'hma_backup_last_size_bytes 7\\n')`)
      await replaceFile(project, '.hma/metrics.prom', state)

      const scheduler = await startScheduler(project, onlyJob(scheduleOf(project, 'backup'), 'backup'))

      await expect.poll(() => lastExitCodes(scheduler), SOON).toEqual({ backup: 0 })
      const lines = (await metricsOf(scheduler)).split('\n')
      expect(lines).toContain('hma_backup_last_size_bytes 7')
      expect(lines).toContainEqual(expect.stringMatching(/^# .*\/metrics\.prom /))
    },
  )

  test('G1.1.1 a schedule that cannot be run is refused at the start', async ({ project }) => {
    const words = scheduleOf(project, 'backup', { HMA_BACKUP_SCHEDULE: '30 25 * * *' })

    expect(await runSchedule(project, words)).toEqual({
      exitCode: 2,
      stderr: expect.stringMatching(/^schedule: --job .+ Next: .+$/),
    })
  })

  test.for(['audit', 'archive', 'backup'] as const)(
    'G1.1.1 a variable that the jobs of the service %s need and do not have is named at the start',
    async (service, { project }) => {
      await replaceBackups(project)

      expect(await startsWithout(project, service)).toEqual(NEEDED[service])
    },
  )
})
