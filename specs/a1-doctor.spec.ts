import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '../harness/index.ts'
import {
  adjacentPorts,
  broken,
  FULL_FOLDER,
  fileTimes,
  freeGib,
  pathWithout,
  runDoctor,
  takeEveryPort,
  takePort,
  takePortByContainer,
} from './vocabulary/doctor.ts'
import { editLock, takeStandInAway } from './vocabulary/images.ts'
import { takeLowPort } from './vocabulary/low-port.ts'

const PORT = 'HMA_POSTGRES_PORT'
const ONLY_PORTS = ['--only', 'ports']

describe('A1.4 The doctor', () => {
  test.for([
    ['on this machine', () => takePort('127.0.0.1')],
    ['at every address', () => takePort()],
    ['with a small number', takeLowPort],
  ] as const)(
    'A1.4.3 names the process that has taken a port %s, and nothing once the port is free',
    async ([, take], { project }) => {
      const taken = await take()
      const during = await runDoctor(project, ONLY_PORTS, { [PORT]: taken.port })
      await taken[Symbol.asyncDispose]()

      const after = await runDoctor(project, ONLY_PORTS, { [PORT]: taken.port })

      expect(during.exitCode).toBe(2)
      expect(during.of('ports', PORT)).toEqual([broken(PORT, expect.stringContaining(taken.owner))])
      expect(after.of('ports', PORT)).toEqual([])
    },
  )

  test('A1.4.3 names the container that has taken a port', async ({ project }) => {
    await using taken = await takePortByContainer(project)

    const foreign = await runDoctor(project, ONLY_PORTS, { [PORT]: taken.port, HMA_PROJECT: 'another' })

    expect(foreign.exitCode).toBe(2)
    expect(foreign.of('ports', PORT)).toEqual([broken(PORT, taken.owner)])
  })

  test('A1.4.3 does not report a port that its own stack holds', async ({ project }) => {
    await using taken = await takePortByContainer(project)

    const own = await runDoctor(project, ONLY_PORTS, { [PORT]: taken.port, HMA_PROJECT: project.composeName })

    expect(own.of('ports', PORT)).toEqual([])
  })

  test('A1.4.3 does not report adjacent ports that its own stack holds', async ({ project }) => {
    const { published, ports } = adjacentPorts()
    await using _ = await takePortByContainer(project, published)
    const [HMA_MINIO_PORT, HMA_MINIO_CONSOLE_PORT] = ports

    const environment = { HMA_MINIO_PORT, HMA_MINIO_CONSOLE_PORT, HMA_PROJECT: project.composeName }
    const own = await runDoctor(project, ONLY_PORTS, environment)

    expect([...own.of('ports', 'HMA_MINIO_PORT'), ...own.of('ports', 'HMA_MINIO_CONSOLE_PORT')]).toEqual([])
  })

  test('A1.4.3 names every port of the stack that is taken, each with its variable', async ({ project }) => {
    await using taken = await takeEveryPort(project)

    const diagnosis = await runDoctor(project, ONLY_PORTS, taken.variables)

    const names = Object.keys(taken.variables)
    expect(names.map((name) => diagnosis.of('ports', name))).toEqual(
      names.map((name) => [broken(name, expect.stringContaining(taken.owner))]),
    )
    expect(names.length).toBeGreaterThan(6)
  })

  test('A1.4.3 tells a person the next act, too', async ({ project }) => {
    await using taken = await takePort('127.0.0.1')

    const environment = { [PORT]: taken.port }
    const { exitCode, stdout } = await project.run('scripts/doctor', ONLY_PORTS, { environment })

    expect(exitCode).toBe(2)
    expect(stdout).toMatch(
      new RegExp(`^✗ ports .*${taken.port}.* Next: kill ${process.pid}, or set ${PORT} `, 'm'),
    )
  })

  test('A1.4.3 reports a number that is no port', async ({ project }) => {
    const diagnosis = await runDoctor(project, ONLY_PORTS, { [PORT]: '65536' })

    expect(diagnosis.of('ports', PORT)).toEqual([broken(PORT)])
  })

  test.for(['git', 'npm', 'perl', 'docker', 'timeout'])(
    'A1.4.3 names %s when it is missing',
    async (tool, { project }) => {
      const PATH = await pathWithout(project, tool)

      const without = await runDoctor(project, ['--only', 'tools'], { PATH })

      expect(without.exitCode).toBe(2)
      expect(without.of('tools')).toEqual([broken(tool)])
    },
  )

  test('A1.4.3 reports no tool that is installed', async ({ project }) => {
    const diagnosis = await runDoctor(project, ['--only', 'tools'])

    expect(diagnosis.of('tools')).toEqual([expect.objectContaining({ state: 'ok' })])
  })

  test('A1.4.3 names every missing tool where there is no Node yet', async ({ project }) => {
    await rm(join(project.root, 'node_modules'))
    const PATH = await pathWithout(project, 'node', 'git', 'npm')

    const diagnosis = await runDoctor(project, ['--only', 'tools'], { PATH })

    expect(diagnosis).toMatchObject({ exitCode: 2, complete: false })
    expect(diagnosis.of('tools')).toEqual(
      expect.arrayContaining([broken('git'), broken('npm'), expect.objectContaining({ subject: 'node' })]),
    )
  })

  test('A1.4.3 reports an incomplete examination where there is no Node yet', async ({ project }) => {
    await rm(join(project.root, 'node_modules'))
    const PATH = await pathWithout(project, 'node')

    const diagnosis = await runDoctor(project, ['--only', 'tools'], { PATH })

    expect(diagnosis).toMatchObject({ exitCode: 3, complete: false })
  })

  test('A1.4.3 reports too little disk as broken, and little disk as a warning', async ({ project }) => {
    const free = await freeGib(project)
    const stateOf = async (need: number) =>
      (await runDoctor(project, ['--only', 'disk', '--need-disk', String(need)]))
        .of('disk')
        .map(({ state, next }) => [state, next !== undefined])

    const states = [await stateOf(free + 5), await stateOf(free - 5), await stateOf(free / 2 - 5)]

    expect(states).toEqual([[['broken', true]], [['warning', true]], [['ok', false]]])
  })

  test('A1.4.3 names the folder of another disk that is full', async ({ project }) => {
    const words = ['--only', 'disk', '--need-disk', '1']

    const diagnosis = await runDoctor(project, words, { TMPDIR: FULL_FOLDER })

    expect([diagnosis.exitCode, diagnosis.of('disk')]).toEqual([2, [broken(FULL_FOLDER)]])
  })

  test('A1.4.3 names each image whose registry cannot be reached, where no stand-in is allowed', async ({
    project,
  }) => {
    await editLock(project, (lock) => lock.replaceAll('docker.io/', '127.0.0.1:1/'))

    const locked = await runDoctor(project, ['--only', 'registries'], { HMA_IMAGES: 'locked' })

    expect(locked.exitCode).toBe(2)
    expect(locked.of('registries')).toEqual(
      ['postgres', 'redis', 'minio', 'node', 'adminer'].map((image) => broken(image)),
    )
  })

  test('A1.4.3 an image that cannot be pulled and has no stand-in is broken, and none is offered for it', async ({
    project,
  }) => {
    await takeStandInAway(project, 'redis')

    const diagnosis = await runDoctor(project, ['--only', 'registries'])

    expect(diagnosis.exitCode).toBe(2)
    expect(diagnosis.of('registries')).toEqual([broken('redis')])
    expect(diagnosis.of('registries')[0]?.next).toMatch(/^(?!.*--stand-ins).*something else/)
  })

  test('A1.4.3 asks no registry for images that are there', async ({ project }) => {
    await editLock(project, (lock) => lock.replaceAll('docker.io/', '127.0.0.1:1/'))

    const diagnosis = await runDoctor(project, ['--only', 'registries', '--only', 'images'], {
      HMA_IMAGES: 'stand-ins',
    })

    expect(diagnosis.of('registries')).toEqual([])
    expect(diagnosis.of('images')).toEqual([expect.objectContaining({ state: 'ok' })])
  })
})

describe('The doctor', () => {
  test('changes no file', async ({ project }) => {
    const before = fileTimes(project)

    await runDoctor(project)

    expect(fileTimes(project)).toEqual(before)
  })

  test('refuses an unknown option and an unknown check', async ({ project }) => {
    const option = await project.run('scripts/doctor', ['--unknown'])
    const check = await project.run('scripts/doctor', ['--only', 'unknown'])

    expect([option.exitCode, option.stdout, check.exitCode]).toEqual([64, '', 64])
  })
})
