import { describe, expect, test } from '../harness/index.ts'
import { compose } from './vocabulary/compose.ts'
import { containersOf } from './vocabulary/containers.ts'
import { actOnStackOf, bootDev, refusedForeign, tryEachCommand, volumeOfOther } from './vocabulary/owner.ts'
import { boot } from './vocabulary/stack.ts'
import { leftovers, NOTHING_LEFT } from './vocabulary/stack-state.ts'

const TEST = ['--variant', 'test']

describe('A1.0 Two checkouts with one project name', () => {
  test.for([
    ['scripts/teardown.sh', [...TEST, '--data']],
    ['scripts/compose.sh', [...TEST, 'down', '--volumes']],
    ['scripts/compose.sh', [...TEST, '--profile=tools', 'up', '--wait', 'redis']],
    ['scripts/compose.sh', [...TEST, 'stop']],
    ['scripts/compose.sh', [...TEST, 'rm', '--stop', '--force']],
    ['scripts/compose.sh', [...TEST, 'exec', 'redis', 'true']],
    ['scripts/compose.sh', [...TEST, 'restart']],
    ['scripts/compose.sh', [...TEST, 'wait', '--down-project', 'redis']],
    ['scripts/compose.sh', [...TEST, 'attach', 'redis']],
    ['scripts/smoke.sh', TEST],
    ['scripts/backup.sh', TEST],
    ['scripts/backup-prune.sh', TEST],
    ['scripts/restore.sh', [...TEST, '--database', 'hma']],
    ['scripts/restore.sh', [...TEST, '--to-time', '2026-11-01T00:00:00Z', '--confirm', 'hma']],
    ['scripts/restore-test.sh', TEST],
  ] as const)(
    'A1.0.9 %s %o of another checkout is refused, and the stack stays as it is',
    async ([script, words], { sharedProject, project }) => {
      await boot(sharedProject, [], ['redis'])
      const before = await containersOf(sharedProject)

      const outcome = await actOnStackOf(sharedProject, project, script, words)

      expect(outcome).toEqual(refusedForeign(sharedProject))
      expect(await containersOf(sharedProject)).toEqual(before)
    },
  )

  test('A1.0.9 every command of this Compose is refused but those that only look', async ({
    sharedProject,
    project,
  }) => {
    await boot(sharedProject, [], ['redis'])
    const before = await containersOf(sharedProject)

    const outcomes = await tryEachCommand(sharedProject, project)

    expect(outcomes).toEqual(outcomes.map(({ command }) => ({ command, ...refusedForeign(sharedProject) })))
    expect(await containersOf(sharedProject)).toEqual(before)
    expect(outcomes.length).toBeGreaterThan(15)
  })

  test('A1.0.9 what works on the database or the cache refuses those of another checkout', async ({
    sharedProject,
    project,
  }) => {
    await bootDev(sharedProject, ['postgres', 'redis'])
    const before = await containersOf(sharedProject, 'dev')

    const outcomes = await Promise.all(
      [
        'scripts/migrate.sh apply',
        'scripts/seed.sh all',
        'scripts/audit.sh seal',
        'scripts/db-stats.sh',
        'scripts/slow-queries.sh',
        'scripts/cache-stats.sh',
      ].map((line) => {
        const [script = '', ...words] = line.split(' ')
        return actOnStackOf(sharedProject, project, script, words)
      }),
    )

    expect(outcomes).toEqual(outcomes.map(() => refusedForeign(sharedProject)))
    expect(await containersOf(sharedProject, 'dev')).toEqual(before)
  })

  test('A1.0.9 a set-up of another checkout is refused before it writes anything', async ({
    sharedProject,
    project,
  }) => {
    await boot(sharedProject, [], ['redis'])
    const before = await containersOf(sharedProject)

    const outcome = await actOnStackOf(sharedProject, project, 'scripts/setup-dev-environment.sh', TEST)

    expect(outcome).toMatchObject({ exitCode: 3, stderr: expect.stringContaining(sharedProject.root) })
    expect(await containersOf(sharedProject)).toEqual(before)
  })

  test('A1.0.9 volumes without a container belong to the checkout that made them', async ({
    sharedProject,
    project,
  }) => {
    await boot(sharedProject, [], ['redis'])
    await actOnStackOf(sharedProject, sharedProject, 'scripts/teardown.sh', TEST)
    const { volumes: before } = await leftovers(sharedProject)

    const foreign = await actOnStackOf(sharedProject, project, 'scripts/teardown.sh', [...TEST, '--data'])
    const { volumes: during } = await leftovers(sharedProject)
    const own = await actOnStackOf(sharedProject, sharedProject, 'scripts/teardown.sh', [...TEST, '--data'])

    expect([foreign, own]).toEqual([refusedForeign(sharedProject), expect.objectContaining({ exitCode: 0 })])
    expect([during, (await leftovers(sharedProject)).volumes]).toEqual([before, 0])
    expect(before).toBeGreaterThan(0)
  })

  test('A1.0.9 volumes that a single command makes tell whose they are, whatever words its program gets', async ({
    sharedProject,
    project,
  }) => {
    const words = ['run', '--rm', '--no-deps', 'redis', 'true', '--dry-run']
    const made = await compose(project, 'test', words)
    const { volumes: before } = await leftovers(project)

    const foreign = await actOnStackOf(project, sharedProject, 'scripts/teardown.sh', [...TEST, '--data'])
    const { volumes: during } = await leftovers(project)
    const own = await actOnStackOf(project, project, 'scripts/teardown.sh', [...TEST, '--data'])

    expect([made.exitCode, own.exitCode]).toEqual([0, 0])
    expect(foreign).toEqual(refusedForeign(project))
    expect([during, await leftovers(project)]).toEqual([before, NOTHING_LEFT])
    expect(before).toBeGreaterThan(0)
  })

  test.for([
    ['whose path begins with that of this one', '-2'],
    ['inside of this one', '/worktree'],
    ['around this one', '/..'],
  ] as const)('A1.0.9 a checkout %s is another one', async ([, path], { project }) => {
    await using other = await volumeOfOther(project, path)

    const outcome = await actOnStackOf(project, project, 'scripts/teardown.sh', [...TEST, '--data'])

    expect(outcome).toEqual(refusedForeign(other))
    expect(await leftovers(project)).toEqual({ ...NOTHING_LEFT, volumes: 1 })
  })
})
