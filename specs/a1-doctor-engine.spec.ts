import { describe, expect, test } from '../harness/index.ts'
import { broken, runDoctor } from './vocabulary/doctor.ts'
import { holdVolume, platformOfEngine, variantOfEngine } from './vocabulary/doctor-volumes.ts'

const ONLY_VOLUMES = ['--only', 'volumes']
const ONLY_ARCHITECTURE = ['--only', 'architecture']
const PLATFORM = 'DOCKER_DEFAULT_PLATFORM'

describe('A1.4 The doctor and what the engine has', () => {
  test.for([
    [32, 2, 'broken'],
    [256, 1, 'warning'],
  ] as const)(
    'A1.4.3 names the container in whose volume %i MiB are free',
    async ([mebibytes, exitCode, state], { project }) => {
      await using holder = await holdVolume(project, mebibytes)

      const diagnosis = await runDoctor(project, ONLY_VOLUMES, { HMA_PROJECT: project.composeName })

      const finding = { subject: holder.container, state, next: expect.stringMatching(/\w{4}/) }
      expect(diagnosis.exitCode).toBe(exitCode)
      expect(diagnosis.of('volumes')).toEqual([expect.objectContaining(finding)])
    },
  )

  test.for([
    ['that has space', 600, ''],
    ['of another project', 32, '-other'],
  ] as const)('A1.4.3 does not report a volume %s', async ([, mebibytes, suffix], { project }) => {
    await using _ = await holdVolume(project, mebibytes)

    const environment = { HMA_PROJECT: `${project.composeName}${suffix}` }
    const diagnosis = await runDoctor(project, ONLY_VOLUMES, environment)

    expect(diagnosis.exitCode).toBe(0)
    expect(diagnosis.of('volumes')).toEqual([expect.objectContaining({ state: 'ok' })])
  })

  test('A1.4.3 names the container in which nothing can be asked for its space', async ({ project }) => {
    await using holder = await holdVolume(project, 600, false)

    const diagnosis = await runDoctor(project, ONLY_VOLUMES, { HMA_PROJECT: project.composeName })

    expect(diagnosis.exitCode).toBe(1)
    expect(diagnosis.of('volumes')).toEqual([
      expect.objectContaining({
        subject: holder.container,
        state: 'warning',
        next: `docker exec ${holder.container} df -Pk /data`,
      }),
    ])
  })

  test('A1.4.3 reports a platform of docker that is not that of the engine', async ({ project }) => {
    const diagnosis = await runDoctor(project, ONLY_ARCHITECTURE, { [PLATFORM]: 'linux/s390x' })

    expect(diagnosis.exitCode).toBe(2)
    expect(diagnosis.of('architecture')).toEqual([broken(PLATFORM)])
  })

  test.for([
    ['as docker spells it', platformOfEngine],
    ['with its variant', variantOfEngine],
  ] as const)('A1.4.3 does not report the platform of the engine %s', async ([, platform], { project }) => {
    const diagnosis = await runDoctor(project, ONLY_ARCHITECTURE, { [PLATFORM]: await platform() })

    expect(diagnosis.exitCode).toBe(0)
    expect(diagnosis.of('architecture')).toEqual([expect.objectContaining({ state: 'ok' })])
  })
})
