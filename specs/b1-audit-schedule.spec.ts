import { type Database, describe, expect, type Session, test } from '../harness/index.ts'
import { insertAuditRow } from './vocabulary/audit-log.ts'
import { createLeaves, dropLeaves, leafExists, leafNames, monthStart } from './vocabulary/audit-partitions.ts'
import {
  chainHead,
  countUnsealedRows,
  createSealedLog,
  REHASH_ROWS,
  tamper,
} from './vocabulary/audit-seals.ts'
import { longRunningIn, render } from './vocabulary/compose.ts'
import { containerOf, execIn } from './vocabulary/containers.ts'
import { loginOfAudit } from './vocabulary/overlays.ts'
import {
  checkScheduler,
  everyTwoSeconds,
  exitCodesInStack,
  lastExitCodes,
  longestPauses,
  onlyJob,
  scheduleOf,
  startAuditScheduler,
  stopScheduler,
} from './vocabulary/schedule.ts'
import { boot, healthOf, renamed, upWith } from './vocabulary/stack.ts'
import { insertUser } from './vocabulary/users.ts'

const VARIANTS = ['dev', 'test', 'prod'] as const
const ALL_DONE = { prepare: 0, seal: 0, verify: 0, 'remove-expired': 0 }
/** A stack of its own starts. */
const SLOW = { timeout: 120_000 }
/** Migrations, and then the first runs of the jobs, on a machine that runs other specs. Below that of the test. */
const REFUSED_WITHIN_MS = 110_000
const SOON = { timeout: 20_000, interval: 100 }
/** What docs/schedule.md says of a run that does not end on SIGTERM. */
const KILLED_AFTER_SECONDS = 8

describe('B1.2 The service that looks after the audit log', () => {
  test('B1.2.8 does at its start all that was missed', async ({ db, project }) => {
    await createLeaves(db, -25)
    await insertAuditRow(db, monthStart(-25))
    await dropLeaves(db, ...(await leafNames(db, 1, 3)))

    const scheduler = await startAuditScheduler(project, db, scheduleOf(project, 'audit'))

    await expect.poll(() => lastExitCodes(scheduler), SOON).toEqual(ALL_DONE)
    expect(await Promise.all([1, 2, 3, -25].map((ahead) => leafExists(db, ahead)))).toEqual([
      ...[true, true, true, false],
    ])
    expect(await chainHead(db)).toMatch(/^[0-9a-f]{64}$/)
    expect(await checkScheduler(project, scheduler, 'audit')).toEqual({ exitCode: 0, problems: [] })
  })

  test('B1.2.8 does it again at the times of its schedule', async ({ db, project }) => {
    const words = everyTwoSeconds(scheduleOf(project, 'audit'))
    const scheduler = await startAuditScheduler(project, db, words)
    await expect.poll(() => lastExitCodes(scheduler), SOON).toEqual(ALL_DONE)

    await dropLeaves(db, ...(await leafNames(db, 2, 3)))
    await insertUser(db)

    await expect.poll(() => leafExists(db, 3), SOON).toBe(true)
    await expect.poll(() => countUnsealedRows(db), SOON).toBe('0')
  })

  test('B1.2.8 seals every hour, and prepares, verifies and removes every day', ({ sharedProject }) => {
    const hours = longestPauses(scheduleOf(sharedProject, 'audit'))

    expect(hours).toEqual({ prepare: 24, seal: 1, verify: 24, 'remove-expired': 24 })
  })

  test('B1.2.8 keeps to the times of its schedule after a restart', async ({ db, project }) => {
    const words = scheduleOf(project, 'audit')
    const first = await startAuditScheduler(project, db, words)
    await expect.poll(() => lastExitCodes(first), SOON).toEqual(ALL_DONE)

    expect(await stopScheduler(first)).toMatchObject({ exitCode: 0 })
    await insertUser(db)
    const second = await startAuditScheduler(project, db, words)

    expect(await lastExitCodes(second)).toEqual(ALL_DONE)
    expect(await countUnsealedRows(db)).not.toBe('0')
  })

  test('B1.2.8 tells by health and metric that the log was altered, and goes on', async ({ db, project }) => {
    await createSealedLog(db)
    await tamper(db, `update audit.audit_log set entity = 'auth.sessions'; ${REHASH_ROWS}`)

    const scheduler = await startAuditScheduler(project, db, scheduleOf(project, 'audit'))

    await expect.poll(() => lastExitCodes(scheduler), SOON).toEqual({ ...ALL_DONE, verify: 1 })
    expect(await checkScheduler(project, scheduler, 'audit')).toEqual({
      exitCode: 1,
      problems: [expect.stringMatching(/^verify ended with exit code 1 /)],
    })
  })

  test('B1.2.8 a run that is stopped leaves nothing, and the next start makes up for it', async ({
    db,
    project,
  }) => {
    const words = onlyJob(scheduleOf(project, 'audit'), 'verify')
    await using blocker = await blockVerification(db)
    const first = await startAuditScheduler(project, db, words)
    await expect.poll(() => waitingJobs(db), SOON).toBe(1)

    expect(await stopScheduler(first)).toMatchObject({ exitCode: 0 })
    const second = await startAuditScheduler(project, db, words)
    const atItsStart = await lastExitCodes(second)
    await blocker.query('rollback')

    expect(atItsStart).toEqual({})
    await expect.poll(() => lastExitCodes(second), SOON).toEqual({ verify: 0 })
  })

  test('B1.2.8 SIGTERM ends a run in progress, long before it would be killed', async ({ db, project }) => {
    await using _ = await blockVerification(db)
    const words = onlyJob(scheduleOf(project, 'audit'), 'verify')
    const scheduler = await startAuditScheduler(project, db, words)
    await expect.poll(() => waitingJobs(db), SOON).toBe(1)

    const { exitCode, seconds } = await stopScheduler(scheduler)

    expect(exitCode).toBe(0)
    expect(seconds).toBeLessThan(KILLED_AFTER_SECONDS)
  })

  test('B1.2.8 is a part of every variant of the stack', async ({ sharedProject }) => {
    const variants = await Promise.all(VARIANTS.map((variant) => render(sharedProject, variant)))

    expect(variants.map(({ model }) => longRunningIn(model))).toEqual(
      Array(3).fill(expect.arrayContaining(['audit'])),
    )
  })

  test('B1.2.8 has done its work when the stack is up', SLOW, async ({ sharedProject }) => {
    expect(await boot(sharedProject, [], ['audit'])).toMatchObject({ exitCode: 0 })
    expect(await exitCodesInStack(sharedProject, 'audit')).toEqual(ALL_DONE)
    expect(await healthOf(sharedProject, 'audit')).toBe('healthy')
  })

  test(
    'B1.2.8 the start of a stack whose audit log cannot be looked after fails',
    SLOW,
    async ({ sharedProject }) => {
      const other = renamed(sharedProject, '-refused')

      const started = await upWith(
        other,
        loginOfAudit('hma_app', 'app-password'),
        ['audit'],
        REFUSED_WITHIN_MS,
      )

      expect(started.exitCode).toBe(1)
      expect(await containerOf(other, 'audit')).toMatchObject({ status: 'running', health: 'unhealthy' })
      expect(await execIn(other, 'audit', ['bash', 'health.sh', '9187'])).toEqual({
        exitCode: 1,
        stdout: expect.stringMatching(/^prepare ended with exit code 1 /),
      })
    },
  )
})

/** The session that holds the lock which a verification waits for. */
async function blockVerification(db: Database): Promise<Session> {
  const session = await db.connect()
  await session.query('begin; lock table audit.audit_log in access exclusive mode')
  return session
}

/** Runs of the job that wait for a lock. */
function waitingJobs(db: Database): Promise<number> {
  return db.value(
    `select count(*)::int from pg_stat_activity
      where datname = current_database() and application_name = 'hma audit' and wait_event_type = 'Lock'`,
  )
}
