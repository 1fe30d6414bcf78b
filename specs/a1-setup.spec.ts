import { describe, expect, test } from '../harness/index.ts'
import { takePort } from './vocabulary/doctor.ts'
import { concurrentSetups, firstSetup, runDevSetup, runSetup, writeSecret } from './vocabulary/setup.ts'
import { inspectStack, leftovers, snapshot, sql, stopService } from './vocabulary/stack-state.ts'

const PATIENTLY = { timeout: 180_000 }
const ALL = ['bucket', 'migrate', 'minio', 'ml', 'postgres', 'redis']
const REACHABLE = ['minio', 'ml', 'postgres', 'redis']

describe('A1.0 The set-up', () => {
  test(
    'A1.0.1 a clean machine gets a healthy, migrated, seeded and smoke-tested stack',
    PATIENTLY,
    async ({ sharedProject }) => {
      const first = await firstSetup(sharedProject)

      const stack = await inspectStack(sharedProject)

      expect(first).toMatchObject({ exitCode: 0, done: true, changed: true })
      expect(stack).toEqual({
        healthy: ALL,
        unhealthy: [],
        reachable: REACHABLE,
        migrations: 0,
        people: 12,
        documents: 4,
      })
    },
  )

  test('A1.0.1 the set-up is not done while the smoke test fails', PATIENTLY, async ({ sharedProject }) => {
    await firstSetup(sharedProject)
    await sql(sharedProject, 'revoke select on reference.legal_documents from hma_app')

    const during = await runSetup(sharedProject)
    await sql(sharedProject, 'grant select on reference.legal_documents to hma_app')
    const after = await runSetup(sharedProject)

    expect(during).toMatchObject({ exitCode: 1, done: false, lastLine: expect.stringContaining('postgres') })
    expect(after).toMatchObject({ exitCode: 0, done: true })
  })

  test('A1.0.2 a second set-up changes nothing, and says so', PATIENTLY, async ({ sharedProject }) => {
    await firstSetup(sharedProject)
    const before = await snapshot(sharedProject)

    const second = await runSetup(sharedProject)

    expect(await snapshot(sharedProject)).toEqual(before)
    expect(second).toMatchObject({ exitCode: 0, done: true, changed: false, changedSteps: [] })
  })

  test(
    'A1.0.2 a second one beside the first changes nothing, and says so',
    PATIENTLY,
    async ({ sharedProject }) => {
      const { second, first } = await concurrentSetups(sharedProject)

      expect(second).toMatchObject({
        exitCode: 4,
        done: false,
        stderrLines: [expect.stringMatching(/ Next: /)],
      })
      expect(first).toMatchObject({ exitCode: 0, done: true })
    },
  )

  test(
    'A1.0.2 a set-up that finds something missing changes that, and says so',
    PATIENTLY,
    async ({ sharedProject }) => {
      await firstSetup(sharedProject)
      await stopService(sharedProject, 'redis')

      const next = await runSetup(sharedProject)

      expect(next).toMatchObject({ exitCode: 0, changed: true, changedSteps: ['stack'] })
      expect(await inspectStack(sharedProject)).toMatchObject({ healthy: ALL, unhealthy: [] })
    },
  )
})

describe('A set-up that cannot be', () => {
  test('names what has taken a port, and starts nothing', PATIENTLY, async ({ project }) => {
    await using taken = await takePort()

    const refused = await runDevSetup(project, { HMA_REDIS_PORT: taken.port })

    expect(refused).toMatchObject({
      exitCode: 3,
      done: false,
      lastLine: expect.stringContaining(taken.owner),
    })
    expect(await leftovers(project)).toEqual({ containers: 0, networks: 0, volumes: 0 })
  })

  test('names the container that failed, and shows its last log lines', PATIENTLY, async ({ project }) => {
    await writeSecret(project, 'bucket-key-secret', 'short')

    const failed = await runSetup(project)

    expect(failed).toMatchObject({ exitCode: 1, done: false, lastLine: expect.stringContaining('bucket') })
    expect(failed.stderrLines).toContainEqual(expect.stringMatching(/bucket-key-secret.* Next: /))
  })
})

describe('The undoing of the set-up', () => {
  const teardown = ['--variant', 'test']

  test('keeps the data, until it is asked to remove that, too', PATIENTLY, async ({ sharedProject }) => {
    await firstSetup(sharedProject)
    const environment = { HMA_PROJECT: sharedProject.composeName }

    await sharedProject.run('scripts/teardown.sh', teardown, { environment })
    const kept = await leftovers(sharedProject)
    await sharedProject.run('scripts/teardown.sh', [...teardown, '--data'], { environment })

    expect(kept).toEqual({ containers: 0, networks: 0, volumes: 3 })
    expect(await leftovers(sharedProject)).toEqual({ containers: 0, networks: 0, volumes: 0 })
  })

  test('is no business of prod, and knows no other word', async ({ sharedProject }) => {
    const prod = await sharedProject.run('scripts/teardown.sh', ['--variant', 'prod', '--data'])
    const word = await sharedProject.run('scripts/teardown.sh', ['--everything'])

    expect([prod.exitCode, word.exitCode]).toEqual([2, 2])
  })
})
