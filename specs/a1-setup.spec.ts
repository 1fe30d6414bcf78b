import { describe, expect, test } from '../harness/index.ts'
import { setUpOnBareMachine } from './vocabulary/bare-machine.ts'
import { secretOf } from './vocabulary/clients.ts'
import { configFiles, unreadableConfigFiles } from './vocabulary/config-files.ts'
import { takePort } from './vocabulary/doctor.ts'
import { inEachStore, readFromStores, writeToStores } from './vocabulary/durable-data.ts'
import { stagesOf } from './vocabulary/ml.ts'
import { EXAMPLE_MODELS } from './vocabulary/models.ts'
import { declaredVolumes, mountedVolumes, startWithVolumes } from './vocabulary/mounted-volumes.ts'
import { failedWithFullCache, failedWithReadOnlyKey } from './vocabulary/refused-writes.ts'
import {
  concurrentSetups,
  firstSetup,
  runDevSetup,
  runSetup,
  runSetupAsText,
  startOfEachProfile,
  tearDown,
  touchComposeFile,
  writeSecret,
} from './vocabulary/setup.ts'
import { smokeAll } from './vocabulary/smoke.ts'
import {
  completeState,
  definedNames,
  inspectStack,
  leftovers,
  NOTHING_LEFT,
  publishedUrl,
  servicesWithPorts,
  snapshot,
  sql,
  stopService,
} from './vocabulary/stack-state.ts'

describe('A1.0 The set-up', { timeout: 180_000 }, () => {
  test('A1.0.1 a clean machine gets a healthy, migrated, seeded and smoke-tested stack', async ({
    sharedProject,
  }) => {
    const first = await firstSetup(sharedProject)

    expect(first).toMatchObject({ exitCode: 0, done: true, changed: true })
    expect(await inspectStack(sharedProject)).toEqual(completeState(sharedProject))
    expect(configFiles(sharedProject).length).toBeGreaterThan(1)
    expect(unreadableConfigFiles(sharedProject)).toEqual([])
  })

  test('A1.0.1 a clean machine may have the oldest Node that the README allows', async ({ project }) => {
    const { exitCode, called } = await setUpOnBareMachine(project, 'oldest')

    expect([exitCode, called]).toEqual([0, ['npm ci', 'node setup/main.ts']])
  })

  test('F1.1.4 /models of a freshly set-up stack answers with the example models', async ({
    sharedProject,
  }) => {
    await firstSetup(sharedProject)

    const answer = await fetch(`${await publishedUrl(sharedProject, 'ml')}/models`)

    expect(answer.status).toBe(200)
    expect(stagesOf((await answer.json()) as Record<string, unknown>)).toEqual(EXAMPLE_MODELS)
  })

  test.for([
    [
      'revoke select on reference.legal_documents from hma_app',
      'grant select on reference.legal_documents to hma_app',
    ],
    // Of all databases the next apply would restore it.
    [
      `alter role hma_app in database hma set temp_file_limit = '1MB'`,
      'alter role hma_app in database hma reset temp_file_limit',
    ],
    [
      'alter role hma_app set default_transaction_read_only = on',
      'alter role hma_app reset default_transaction_read_only',
    ],
  ] as const)(
    'A1.0.1 the set-up is not done while the smoke test fails: %s',
    async ([defect, undo], { sharedProject }) => {
      await firstSetup(sharedProject)
      await sql(sharedProject, defect)

      const during = await runSetup(sharedProject)
      await sql(sharedProject, undo)
      const after = await runSetup(sharedProject)

      expect(during).toMatchObject({
        exitCode: 1,
        done: false,
        lastLine: expect.stringContaining('postgres'),
      })
      expect(after).toMatchObject({ exitCode: 0, done: true })
    },
  )

  test('A1.0.1 the smoke test fails where Redis, and where the object store, is read and not written', async ({
    sharedProject,
  }) => {
    await firstSetup(sharedProject)
    const keyId = await secretOf(sharedProject, 'bucket-key-id')

    const failed = [
      await failedWithFullCache(sharedProject),
      await failedWithReadOnlyKey(sharedProject, keyId),
    ]

    expect(failed).toEqual([['redis'], ['minio']])
    expect(await smokeAll(sharedProject)).toMatchObject({ exitCode: 0, failed: [] })
  })

  test('A1.0.1 the smoke test asks every service that listens, as the last step of the set-up does', async ({
    sharedProject,
  }) => {
    const first = await firstSetup(sharedProject)

    const { state, services } = await smokeAll(sharedProject)

    const listening = servicesWithPorts(sharedProject)
    expect([state, services]).toEqual(['ok', listening])
    expect(first.smoke).toBe(`${listening.length} services answer`)
  })

  test('A1.0.2 a second set-up changes nothing, and says so', async ({ sharedProject }) => {
    await firstSetup(sharedProject)
    const before = await snapshot(sharedProject)

    const second = await runSetup(sharedProject)

    expect(await snapshot(sharedProject)).toEqual(before)
    expect(second).toMatchObject({ exitCode: 0, done: true, changed: false, changedSteps: [] })
  })

  test('A1.0.2 a compose file that is newer than the stack is seen once, and the set-up after that changes nothing', async ({
    sharedProject,
  }) => {
    await firstSetup(sharedProject)
    await touchComposeFile(sharedProject)

    const second = await runSetup(sharedProject)
    const before = await snapshot(sharedProject)
    const third = await runSetup(sharedProject)

    expect(second).toMatchObject({ exitCode: 0, done: true, changedSteps: ['stack'] })
    expect(third).toMatchObject({ exitCode: 0, done: true, changed: false, changedSteps: [] })
    expect(await snapshot(sharedProject)).toEqual(before)
  })

  test('A1.0.2 a set-up that runs beside another changes nothing, and says so', async ({ sharedProject }) => {
    const { second, first } = await concurrentSetups(sharedProject)

    expect(second).toMatchObject({ exitCode: 4, done: false })
    expect(second.stderrLines).toEqual([expect.stringMatching(/ Next: /)])
    expect(first).toMatchObject({ exitCode: 0, done: true })
  })

  test('A1.0.2 a set-up that finds something missing changes that, and says so', async ({
    sharedProject,
  }) => {
    await firstSetup(sharedProject)
    await stopService(sharedProject, 'redis')

    const next = await runSetup(sharedProject)

    expect(next).toMatchObject({ exitCode: 0, changed: true, changedSteps: ['stack'] })
    expect(await inspectStack(sharedProject)).toEqual(completeState(sharedProject))
  })
})

describe('A1.0 What the set-up says as text', { timeout: 180_000 }, () => {
  test('A1.0.2 it says that nothing changed where nothing did, and there alone', async ({
    sharedProject,
  }) => {
    await firstSetup(sharedProject)

    const second = await runSetupAsText(sharedProject)
    await stopService(sharedProject, 'redis')
    const next = await runSetupAsText(sharedProject)

    expect([second.exitCode, next.exitCode]).toEqual([0, 0])
    expect(second.summary).toMatch(/\bnothing changed\b/i)
    expect(next.summary).toMatch(/\S/)
    expect(next.summary).not.toMatch(/\bnothing changed\b/i)
  })
})

describe('A set-up that fails', { timeout: 180_000 }, () => {
  test('names the process that has taken a port, and starts nothing', async ({ project }) => {
    await using taken = await takePort('127.0.0.1')

    const failed = await runDevSetup(project, { HMA_REDIS_PORT: taken.port })

    expect(failed).toMatchObject({ exitCode: 3, done: false })
    expect(failed.stderrLines).toContainEqual(expect.stringContaining(taken.owner))
    expect(await leftovers(project)).toEqual(NOTHING_LEFT)
  })

  test('names the container that failed, and shows its last log lines', async ({ project }) => {
    await writeSecret(project, 'bucket-key-secret', 'short')

    const failed = await runSetup(project)

    expect(failed).toMatchObject({ exitCode: 1, done: false, lastLine: expect.stringContaining('bucket') })
    expect(failed.stderrLines).toContainEqual(expect.stringMatching(/bucket-key-secret.* Next: /))
  })
})

describe('A1.0 The teardown', { timeout: 180_000 }, () => {
  test('A1.0.8 keeps the data, which the next set-up finds, and removes all else', async ({
    sharedProject,
  }) => {
    await firstSetup(sharedProject)
    await writeToStores(sharedProject, 'kept')
    await startOfEachProfile(sharedProject)
    await startWithVolumes(sharedProject)
    const mounted = await mountedVolumes(sharedProject)

    await tearDown(sharedProject)
    const kept = await leftovers(sharedProject)
    await runSetup(sharedProject)

    expect(kept).toEqual({ ...NOTHING_LEFT, volumes: definedNames(sharedProject, 'volumes').length })
    expect(await readFromStores(sharedProject)).toEqual(inEachStore('kept'))
    // A volume without a name would be kept, too, and no set-up would find it.
    expect(mounted).toEqual(declaredVolumes(sharedProject))
  })

  test('A1.0.8 removes the data with --data', async ({ sharedProject }) => {
    await firstSetup(sharedProject)
    await startOfEachProfile(sharedProject)

    await tearDown(sharedProject, '--data')

    expect(await leftovers(sharedProject)).toEqual(NOTHING_LEFT)
  })

  test('refuses prod and unknown options', async ({ sharedProject }) => {
    const prod = await sharedProject.run('scripts/teardown.sh', ['--variant', 'prod', '--data'])
    const option = await sharedProject.run('scripts/teardown.sh', ['--everything'])

    expect([prod.exitCode, option.exitCode]).toEqual([2, 2])
  })
})
