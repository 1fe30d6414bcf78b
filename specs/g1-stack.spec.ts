import { describe, expect, type Project } from '../harness/index.ts'
import {
  alter,
  atLeastBackups,
  backUp,
  damageNewestDump,
  idsListed,
  linesOf,
  manifestsIn,
  restartAfterOutage,
  runScript,
  whileLoginExpired,
} from './vocabulary/backup-scripts.ts'
import { test } from './vocabulary/backups.ts'
import { askPostgres } from './vocabulary/clients.ts'
import { startWaitingBackup } from './vocabulary/interruptions.ts'
import { exitCodesInStack, lastSuccessInStack, metricsInStack } from './vocabulary/schedule.ts'
import { boot, checkHealth, healthOf, restrictionsInside, up } from './vocabulary/stack.ts'
import { asApplication, asRoot } from './vocabulary/store.ts'

const BACKUP = ['--profile', 'backup']
/** The stack starts, the first backup is made and restored, and a restore follows. */
const SLOW = { timeout: 300_000 }
const AFTER_THE_FIRST_RUNS = { timeout: 50_000, interval: 500 }
/** The engine asks every two seconds, and believes six answers; a run that reached no database is repeated after half a minute or more. */
const SEEN_BY_THE_ENGINE = { timeout: 120_000, interval: 500 }
/** The same, and twice that wait. */
const SLOWER = { timeout: 420_000 }
const ALL_DONE = { backup: 0, prune: 0, 'restore-test': 0 }

/** Secrets of the other logins. */
const PASSWORDS = [
  ['hma_migrator', 'migrator-password'],
  ['analytics_reader', 'analytics-password'],
  ['hma_ml', 'ml-password'],
  ['hma_monitor', 'monitor-password'],
  ['hma_backup', 'backup-password'],
] as const

/** Starts the stack with its backups, and waits until each job has run once. */
async function startBackups(project: Project): Promise<void> {
  expect(await boot(project, BACKUP, ['backup'])).toMatchObject({ exitCode: 0 })
  await expect.poll(() => exitCodesInStack(project, 'backup'), AFTER_THE_FIRST_RUNS).toEqual(ALL_DONE)
}

describe('G1.1 The backups in the stack', SLOW, () => {
  test('G1.1.1 in the stack it makes, prunes and tests backups, and is healthy', async ({
    sharedProject,
  }) => {
    await startBackups(sharedProject)

    expect(await healthOf(sharedProject, 'backup')).toBe('healthy')
    expect(await checkHealth(sharedProject, 'backup')).toBe(0)
  })

  test('G1.1.1 another container of the service knows the last runs and their metrics, and repeats none', async ({
    sharedProject,
  }) => {
    await startBackups(sharedProject)
    const before = await metricsInStack(sharedProject, 'backup')

    const recreated = await up(sharedProject, BACKUP, ['--force-recreate', '--no-deps', 'backup'])

    expect(recreated).toMatchObject({ exitCode: 0 })
    expect(await metricsInStack(sharedProject, 'backup')).toBe(before)
    for (const metric of ['hma_backup_last_size_bytes', 'hma_restore_rto_seconds'])
      expect(before).toContain(`\n${metric} `)
  })

  test(
    'G1.1.1 for the engine its container is unhealthy after a failed run, and healthy after the next success',
    SLOWER,
    async ({ sharedProject }) => {
      await startBackups(sharedProject)

      await whileLoginExpired(sharedProject, async () => {
        await restartAfterOutage(sharedProject)
        await expect.poll(() => healthOf(sharedProject, 'backup'), SEEN_BY_THE_ENGINE).toBe('unhealthy')
        expect(await exitCodesInStack(sharedProject, 'backup')).toEqual({ ...ALL_DONE, backup: 3 })
      })

      await expect.poll(() => healthOf(sharedProject, 'backup'), SEEN_BY_THE_ENGINE).toBe('healthy')
      expect(await exitCodesInStack(sharedProject, 'backup')).toEqual(ALL_DONE)
    },
  )

  test('A1.1.4 the restrictions hold inside of the container of the backups', async ({ sharedProject }) => {
    await boot(sharedProject, BACKUP, ['backup'])

    const none = '0000000000000000'
    expect(await restrictionsInside(sharedProject, 'backup')).toEqual({
      ...{ CapEff: none, CapBnd: none, NoNewPrivs: '1', Seccomp: '2' },
    })
  })

  test('G1.0.2 a database that scripts/restore.sh puts beside that of the stack has the same passwords', async ({
    sharedProject,
  }) => {
    await startBackups(sharedProject)

    const restored = await runScript(sharedProject, 'restore', '--database', 'beside')
    const ask = (login: string, secret: string, text: string) =>
      askPostgres(sharedProject, login, secret, text, 'beside')
    const register = `select auth.register('ada@example.org', 'hash', '1990-01-01')`
    const registered = await ask('hma_app', 'app-password', register)
    const others: unknown[] = []
    for (const [login, secret] of PASSWORDS) others.push(await ask(login, secret, 'select 1'))

    expect(restored).toMatchObject({ exitCode: 0 })
    expect([registered, others]).toEqual(['accepted', PASSWORDS.map(() => 1)])
  })
})

describe('G1 The scripts of the backups on the stack', SLOW, () => {
  test('G1.0.1 scripts/backup.sh and scripts/restore.sh give a database with the same text as that of the stack', async ({
    sharedProject,
  }) => {
    await startBackups(sharedProject)
    const register = `select auth.register('grace@example.org', 'hash', '1990-01-01')`
    await askPostgres(sharedProject, 'hma_app', 'app-password', register)

    await backUp(sharedProject, 1)
    const restored = await runScript(sharedProject, 'restore', '--database', 'copy')

    expect(restored).toMatchObject({ exitCode: 0 })
    const lines = await linesOf(sharedProject, 'hma')
    expect(await linesOf(sharedProject, 'copy')).toEqual(lines)
    expect(lines.join()).toContain('grace@example.org')
  })

  test('G1.3.2 every backup of the stack lists the bucket of the application, with every version that the store has', async ({
    sharedProject,
  }) => {
    await startBackups(sharedProject)
    using application = await asApplication(sharedProject)
    using store = await asRoot(sharedProject)
    const written = [
      await application.put('hma', 'listed', 'x'),
      await application.put('hma', 'listed', 'xy'),
    ]

    await backUp(sharedProject, 1)
    const manifests = await manifestsIn(sharedProject)

    expect(written).toEqual(['done', 'done'])
    expect(manifests.length).toBeGreaterThanOrEqual(2)
    expect(manifests.map(({ objects }) => objects?.bucket)).toEqual(manifests.map(() => 'hma'))
    const listed = manifests[0]?.objects?.versions.map(({ versionId }) => versionId)
    expect(listed?.toSorted()).toEqual((await store.versionsOf('hma', '')).sort())
    expect(await store.versionsOf('hma', 'listed')).toHaveLength(2)
  })

  test('G1.1.4 scripts/backup.sh refuses a database whose ledger is empty, and stores nothing', async ({
    sharedProject,
  }) => {
    await startBackups(sharedProject)
    const before = await idsListed(sharedProject)
    await alter(sharedProject, 'alter table ops.schema_migration rename to kept')
    await alter(sharedProject, 'create table ops.schema_migration (like ops.kept including all)')

    const { exitCode } = await runScript(sharedProject, 'backup')

    await alter(sharedProject, 'drop table ops.schema_migration')
    await alter(sharedProject, 'alter table ops.kept rename to schema_migration')
    expect(exitCode).toBe(4)
    expect(await idsListed(sharedProject)).toEqual(before)
  })

  test('G1.2.2 scripts/backup-prune.sh removes nothing while the newest backup is much smaller than the others', async ({
    sharedProject,
  }) => {
    await startBackups(sharedProject)
    const large = `create table public.large as select sha512(n::text::bytea) from generate_series(1, 40000) n`
    await alter(sharedProject, large)
    // Most of the seven before the newest are large, whatever the tests before this one have stored.
    const small = (await idsListed(sharedProject)).length
    await backUp(sharedProject, Math.min(small + 1, 4))
    await alter(sharedProject, 'drop table public.large')
    await backUp(sharedProject, 1)
    const before = await idsListed(sharedProject)

    const { exitCode } = await runScript(sharedProject, 'backup-prune', '--keep', '1,0,0')

    expect([exitCode, await idsListed(sharedProject)]).toEqual([4, before])
  })

  test('G1.2.1 scripts/backup-prune.sh keeps the three newest, and its dry run says so and removes nothing', async ({
    sharedProject,
  }) => {
    await startBackups(sharedProject)
    const before = await atLeastBackups(sharedProject, 5)
    const words = ['--keep', '1,0,0', '--accept-size']

    const dry = await runScript(sharedProject, 'backup-prune', ...words, '--dry-run')
    const afterDry = await idsListed(sharedProject)
    const wet = await runScript(sharedProject, 'backup-prune', ...words)

    expect([dry.exitCode, wet.exitCode, afterDry]).toEqual([0, 0, before])
    expect(await idsListed(sharedProject)).toEqual(before.slice(0, 3))
    const removed = [dry, wet].map(({ stdout }) => (JSON.parse(stdout) as { removed: string[] }).removed)
    expect(removed.map((ids) => ids.toSorted())).toEqual(Array(2).fill(before.slice(3).toSorted()))
  })
})

describe('G1.1 Two containers of the backups', SLOW, () => {
  test('G1.1.1 a run by hand is refused while one of another container is under way', async ({
    startJob,
    db,
  }) => {
    const job = await startJob()
    const first = await startWaitingBackup(job, db)

    // Containers of the service share the folder of the backups, and no other one.
    const second = await job.run(['backup', '--lock-wait', '1'], { TMPDIR: '/var/tmp' })

    expect([second.exitCode, (await first.goOn()).exitCode]).toEqual([5, 0])
  })
})

describe('G1.3 A damaged backup in the stack', SLOWER, () => {
  test('G1.3.1 a restore test of the schedule fails for a damaged newest backup, its container is unhealthy, and a whole one ends that', async ({
    sharedProject,
  }) => {
    await startBackups(sharedProject)
    const before = await lastSuccessInStack(sharedProject, 'backup', 'backup')
    const bringBack = await damageNewestDump(sharedProject)

    await restartAfterOutage(sharedProject)

    await expect.poll(() => healthOf(sharedProject, 'backup'), SEEN_BY_THE_ENGINE).toBe('unhealthy')
    expect(await exitCodesInStack(sharedProject, 'backup')).toEqual({ ...ALL_DONE, 'restore-test': 1 })
    // The backup that was due, too.
    await expect
      .poll(() => lastSuccessInStack(sharedProject, 'backup', 'backup'), SEEN_BY_THE_ENGINE)
      .toBeGreaterThan(before)
    await bringBack()
    await restartAfterOutage(sharedProject)
    await expect.poll(() => healthOf(sharedProject, 'backup'), SEEN_BY_THE_ENGINE).toBe('healthy')
    expect(await exitCodesInStack(sharedProject, 'backup')).toEqual(ALL_DONE)
  })
})
