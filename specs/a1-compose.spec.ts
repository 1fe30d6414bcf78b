import { describe, expect, test } from '../harness/index.ts'
import {
  allServices,
  composeFiles,
  forsakenIn,
  oneShotsIn,
  profilesOf,
  renderAll,
  VARIANTS,
} from './vocabulary/compose.ts'
import {
  confinementOf,
  exceptionsOf,
  imagesIn,
  limitsOf,
  lockedImages,
  strangeBases,
} from './vocabulary/confinement.ts'

describe('A1.1 The compose files', () => {
  test('A1.1.1 every variant renders in silence, in every combination of profiles', async ({
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

  test('A1.1.3 a compose file names no image but by a variable of the lock, and builds none', async ({
    sharedProject,
  }) => {
    const written = composeFiles(sharedProject).flatMap(imagesIn)

    expect(written.filter((image) => !/^\$\{HMA_IMAGE_[A-Z_]+:\?\}$/.test(image))).toEqual([])
    expect(new Set(written).size).toBeGreaterThan(6)
  })

  test('A1.1.3 what those variables hold is the tag and digest of the lock, or an image of ours that stands on it', async ({
    sharedProject,
  }) => {
    const locked = await lockedImages(sharedProject)
    const services = await allServices(sharedProject)

    expect(locked.strangers).toEqual([])
    expect(locked.upstream).toEqual(locked.lines)
    expect(services.filter(([, { image }]) => !locked.known.has(image.split(/[:@]/)[0] ?? ''))).toEqual([])
  })

  test('A1.1.3 no Dockerfile of ours names an image', async ({ sharedProject }) => {
    expect(strangeBases(sharedProject)).toEqual([])
  })

  test('A1.1.4 every service is confined, but for exceptions that carry a reason', async ({
    sharedProject,
  }) => {
    const services = await allServices(sharedProject)
    const exceptions = exceptionsOf(sharedProject)

    const lapses = services.flatMap(([name, service]) => confinementOf(name, service))

    expect(lapses.filter((lapse) => !exceptions.has(lapse))).toEqual([])
    expect([...exceptions.values()].filter((reason) => reason.split(' ').length < 6)).toEqual([])
    expect(services.length).toBeGreaterThan(20)
  })

  test('A1.1.4 an exception that nothing needs is none', async ({ sharedProject }) => {
    const services = await allServices(sharedProject)

    const lapses = new Set(services.flatMap(([name, service]) => confinementOf(name, service)))

    expect([...exceptionsOf(sharedProject).keys()].filter((exception) => !lapses.has(exception))).toEqual([])
  })
})

describe('A1.0 What every service carries', () => {
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
  })

  test('A1.0.1 every one-shot is waited for by what is started with it, in every combination of profiles', async ({
    sharedProject,
  }) => {
    const models = (await renderAll(sharedProject)).map(({ model }) => model)

    expect(models.flatMap(forsakenIn)).toEqual([])
    expect(models.map(oneShotsIn)).toEqual(models.map(() => ['bucket', 'migrate']))
  })
})
