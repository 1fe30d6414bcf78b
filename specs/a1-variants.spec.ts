import { describe, expect, test } from '../harness/index.ts'
import { valueInDevAndTest } from './vocabulary/clients.ts'
import { compose, render, renderRaw, storesIn } from './vocabulary/compose.ts'
import { composeFiles, declaredCounts } from './vocabulary/compose-files.ts'
import { secretsWith } from './vocabulary/secrets.ts'
import { boot } from './vocabulary/stack.ts'
import { definedNames } from './vocabulary/stack-state.ts'
import { exclusiveNamesOf, modelsWithoutTable, tableOfModels, tableOfReadme } from './vocabulary/variants.ts'

const refused = (name: string) => ({ exitCode: 2, stdout: '', stderr: expect.stringMatching(name) })

describe('A1.2 The variants', () => {
  test("A1.2.1 README's table equals the rendered models", async ({ sharedProject }) => {
    const table = await tableOfModels(sharedProject)

    expect(tableOfReadme(sharedProject)).toEqual(table)
  })

  test('A1.2.1 the variants differ only in what the table lists', async ({ sharedProject }) => {
    const [dev, ...others] = await modelsWithoutTable(sharedProject)

    expect(others).toEqual([dev, dev])
  })

  test('A1.2.2 prod publishes no port, and its stores are only in the internal network', async ({
    sharedProject,
  }) => {
    const { model } = await render(sharedProject, 'prod', ['*'])
    const stores = storesIn(model)

    expect(Object.values(model.services).flatMap(({ ports = [] }) => ports)).toEqual([])
    expect(stores).toEqual(expect.arrayContaining(['minio', 'postgres', 'redis']))
    expect(
      stores.filter((name) => Object.keys(model.services[name]?.networks ?? {}).join() !== 'data'),
    ).toEqual([])
    expect(model.networks.data?.internal).toBe(true)
  })

  test('A1.2.2 prod has no tools in any profile', async ({ sharedProject }) => {
    const { model: dev } = await render(sharedProject, 'dev', ['*'])
    const { model: prod } = await render(sharedProject, 'prod', ['*'])

    const tools = Object.keys(dev.services).filter((name) => dev.services[name]?.profiles?.includes('tools'))
    expect(tools).toEqual(expect.arrayContaining(['adminer', 'redis-commander']))
    expect(Object.keys(prod.services).sort()).toEqual(
      Object.keys(dev.services)
        .filter((name) => !tools.includes(name))
        .sort(),
    )
  })

  test('A1.2.2 prod does not render without the folder of its secrets, not even by plain docker compose', async ({
    sharedProject,
  }) => {
    const wrapped = await compose(sharedProject, 'prod', ['config'], { HMA_SECRETS: '/nowhere' })
    const developers = await compose(sharedProject, 'prod', ['config'], {
      HMA_SECRETS: `${sharedProject.root}/.hma/secrets`,
    })
    const alone = await renderRaw(sharedProject, 'prod', { HMA_SECRETS: '' })

    expect([wrapped, developers]).toEqual([refused('HMA_SECRETS'), refused('HMA_SECRETS')])
    expect(alone.exitCode).not.toBe(0)
    expect(alone.stderr).toContain('HMA_SECRETS')
  })

  test.for([
    ['is missing', 'postgres-password', undefined],
    ['is empty', 'ml-password', ''],
    ['is known to everybody', 'minio-root-user', 'minioadmin'],
    ['is short', 'bucket-key-secret', 'only-15-letters'],
    ['is not the one that the cache takes', 'redis-acl', `user default on #${'0'.repeat(64)} ~* +@all`],
  ] as const)(
    'A1.2.2 prod does not render when a secret %s',
    async ([, name, content], { sharedProject }) => {
      const HMA_SECRETS = await secretsWith(sharedProject, 'prod', name, { content })

      const outcome = await compose(sharedProject, 'prod', ['config', '--quiet'], { HMA_SECRETS })

      expect(outcome).toEqual(refused(name))
    },
  )

  test('A1.2.2 prod does not render without any one of its secrets', async ({ sharedProject }) => {
    const names = definedNames(sharedProject, 'secrets')

    const outcomes = await Promise.all(
      names.map(async (name) => {
        const HMA_SECRETS = await secretsWith(sharedProject, 'prod', name, { content: undefined })
        return compose(sharedProject, 'prod', ['config', '--quiet'], { HMA_SECRETS })
      }),
    )

    expect(outcomes).toEqual(names.map((name) => refused(` ${name} `)))
    expect(names).toEqual(expect.arrayContaining(['postgres-password', 'archive-ca', 'grafana-password']))
  })

  test('A1.2.2 prod renders with secrets of 16 characters, and the rendered model contains none', async ({
    sharedProject,
  }) => {
    const HMA_SECRETS = await secretsWith(sharedProject, 'prod', 'bucket-key-secret', {
      content: 'exactly-16-chars',
    })

    const { exitCode, stdout } = await compose(sharedProject, 'prod', ['config'], { HMA_SECRETS })

    expect(exitCode).toBe(0)
    expect(stdout).toContain(`${HMA_SECRETS}/bucket-key-secret`)
    expect(stdout).not.toContain('exactly-16-chars')
  })

  test('A1.2.3 dev, test and prod share no name, port, network or volume', async ({ sharedProject }) => {
    const [dev, beside, prod] = await Promise.all([
      render(sharedProject, 'dev', ['*']),
      render(sharedProject, 'test', ['*']),
      render(sharedProject, 'prod', ['*']),
    ])

    const claims = [dev, beside, prod].flatMap(({ model }) => exclusiveNamesOf(model))

    expect(claims.filter((claim, index) => claims.indexOf(claim) !== index)).toEqual([])
    const { networks, volumes, ports } = declaredCounts(sharedProject)
    const counted = (kind: string) => claims.filter((claim) => claim.startsWith(`${kind} `)).length
    expect([counted('network'), counted('volume')]).toEqual([3 * networks, 3 * volumes])
    expect(counted('port')).toBe(ports)
    expect(Math.min(networks, volumes, ports)).toBeGreaterThan(0)
  })

  test('A1.2.3 nothing is external to the project, and no file fixes a name', async ({ sharedProject }) => {
    const written = composeFiles(sharedProject).map(({ text }) =>
      text.match(/external:|container_name:|^ +name:/gm),
    )

    expect(written).toEqual([null, null, null])
  })

  test('A1.2.3 a key that dev stores is unknown to a test stack that runs at the same time', async ({
    sharedProject,
  }) => {
    await boot(sharedProject, [], ['redis'])

    expect(await valueInDevAndTest(sharedProject)).toEqual({ dev: 'of dev', test: null })
  })
})
