import { describe, expect, test } from '../harness/index.ts'
import {
  allServices,
  oneShotsIn,
  oneShotsWithoutDependentIn,
  renderAll,
  VARIANTS,
  wholeModels,
} from './vocabulary/compose.ts'
import { composeFiles, declaredCounts, profilesOf } from './vocabulary/compose-files.ts'
import {
  confinementOf,
  exceptionsOf,
  imagesIn,
  lockedImages,
  permittedImages,
  specialDefinitions,
  strangeFiles,
} from './vocabulary/confinement.ts'
import { imagesInPrograms, unlockedBases } from './vocabulary/dockerfiles.ts'
import { limitsOf, secondsUntilUnhealthy } from './vocabulary/service-limits.ts'

describe('A1.1 The compose files', () => {
  test('A1.1.1 every variant renders without a warning, in every combination of profiles', async ({
    sharedProject,
  }) => {
    const renderings = await renderAll(sharedProject)

    expect(renderings.map(({ outcome: { exitCode, stderr } }) => ({ exitCode, stderr }))).toEqual(
      Array(VARIANTS.length * 2 ** profilesOf(sharedProject).length).fill({ exitCode: 0, stderr: '' }),
    )
    expect(new Set(renderings.map(({ variant }) => variant))).toEqual(new Set(VARIANTS))
  })

  test('A1.1.2 no compose file carries the version key', async ({ sharedProject }) => {
    const files = composeFiles(sharedProject)

    expect(files.filter(({ content }) => 'version' in content).map(({ file }) => file)).toEqual([])
    expect(files).toHaveLength(VARIANTS.length)
  })

  test('A1.1.3 compose files name images by variables whose defaults are those of the lock', async ({
    sharedProject,
  }) => {
    const written = composeFiles(sharedProject).flatMap(imagesIn)

    expect(permittedImages(sharedProject)).toEqual(expect.arrayContaining(written))
    expect(written).toHaveLength(declaredCounts(sharedProject).services)
  })

  test('A1.1.3 those variables contain tag and digest of the lock, or an own image that is based on it', async ({
    sharedProject,
  }) => {
    const locked = await lockedImages(sharedProject)
    const services = await allServices(sharedProject)

    expect(locked.unlocked).toEqual([])
    expect(locked.upstream).toEqual(locked.lines)
    expect(services.filter(([, { image }]) => !locked.known.has(image.split(/[:@]/)[0] ?? ''))).toEqual([])
  })

  test('A1.1.3 no own Dockerfile, script or program names an image', async ({ sharedProject }) => {
    expect(unlockedBases(sharedProject)).toEqual([])
    expect(imagesInPrograms(sharedProject)).toEqual([])
  })

  test('A1.1.4 every service is confined, except for exceptions with a reason', async ({ sharedProject }) => {
    const services = await allServices(sharedProject)
    const exceptions = exceptionsOf(sharedProject)

    const gaps = services.flatMap(([name, service]) => confinementOf(name, service))

    expect(gaps.filter((gap) => !exceptions.has(gap))).toEqual([])
    expect([...exceptions.values()].filter((reason) => reason.split(' ').length < 6)).toEqual([])
    expect(new Set(services.map(([name]) => name.split('/')[0]))).toEqual(new Set(VARIANTS))
    expect(services.length).toBeGreaterThan(2 * declaredCounts(sharedProject).services)
  })

  test('A1.1.4 no config and no secret is a file from elsewhere, such as the socket of the engine', async ({
    sharedProject,
  }) => {
    const models = (await renderAll(sharedProject)).map(({ model }) => model)

    expect(models.flatMap((model) => strangeFiles(sharedProject, model))).toEqual([])
    expect(Object.keys(models[0]?.configs ?? {}).length).toBeGreaterThan(0)
  })

  test('A1.1.4 no volume is a folder of the machine, and no network is that of the machine', async ({
    sharedProject,
  }) => {
    const models = await wholeModels(sharedProject)

    expect(models.flatMap(([, model]) => specialDefinitions(model))).toEqual([])
    expect(models.filter(([, { volumes }]) => Object.keys(volumes).length === 0)).toEqual([])
  })

  test('A1.1.4 every exception is needed', async ({ sharedProject }) => {
    const services = await allServices(sharedProject)

    const gaps = new Set(services.flatMap(([name, service]) => confinementOf(name, service)))

    expect([...exceptionsOf(sharedProject).keys()].filter((exception) => !gaps.has(exception))).toEqual([])
  })
})

describe('A1.0 Limits and one-shots', () => {
  test('A1.0.7 the engine starts every service again that ends, in every variant', async ({
    sharedProject,
  }) => {
    const services = await allServices(sharedProject)

    const policies = services.map(([name, { restart }]) => [name, restart])

    const isOneShot = (name: string) => /\/(?:bucket|migrate)$/.test(name)
    expect(policies).toEqual(services.map(([name]) => [name, isOneShot(name) ? 'no' : 'unless-stopped']))
  })

  test('A1.0.5 every service has a limit of CPU, memory and processes, in every variant', async ({
    sharedProject,
  }) => {
    const services = await allServices(sharedProject)

    const limits = services.map(([name, service]) => [name, limitsOf(service)])

    expect(limits).toEqual(
      services.map(([name]) => [
        name,
        { cpus: expect.any(Number), memory: expect.any(Number), pids: expect.any(Number) },
      ]),
    )
    expect(services.length).toBeGreaterThan(2 * declaredCounts(sharedProject).services)
  })

  test('A1.0.4 every service is reported as unhealthy within four minutes, in every variant', async ({
    sharedProject,
  }) => {
    const services = await allServices(sharedProject)

    const delays = services.map(([, service]) => secondsUntilUnhealthy(service) ?? 0)

    expect(delays.filter((seconds) => seconds > 240)).toEqual([])
    expect(delays.filter((seconds) => seconds > 0).length).toBeGreaterThan(VARIANTS.length)
  })

  test('A1.0.6 every variant asks Postgres, and every other service, what dev asks it', async ({
    sharedProject,
  }) => {
    const healthchecks = new Map(
      (await allServices(sharedProject)).map(([name, { healthcheck }]) => [name, healthcheck?.test]),
    )

    const inDev = [...healthchecks.keys()].map((name) => [
      name,
      healthchecks.get(name.replace(/^\w+/, 'dev')),
    ])

    expect([...healthchecks]).toEqual(inDev)
    expect(healthchecks.get('prod/postgres')).toEqual(expect.arrayContaining(['CMD-SHELL']))
  })

  test('A1.0.1 another service waits for every one-shot, in every combination of profiles', async ({
    sharedProject,
  }) => {
    const models = (await renderAll(sharedProject)).map(({ model }) => model)

    expect(models.flatMap(oneShotsWithoutDependentIn)).toEqual([])
    expect(models.map(oneShotsIn)).toEqual(models.map(() => ['bucket', 'migrate']))
  })
})
