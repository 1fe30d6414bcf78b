import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '../harness/index.ts'
import {
  exampleVariables,
  killAfterStep,
  killOnceContainerExists,
  readSettings,
  runSetup,
  writeSecret,
} from './vocabulary/setup.ts'
import { up } from './vocabulary/stack.ts'
import { disconnectFromEdge, inspectStack } from './vocabulary/stack-state.ts'

const PATIENTLY = { timeout: 300_000 }
const ALL = ['bucket', 'migrate', 'minio', 'ml', 'postgres', 'redis']
const REACHABLE = ['minio', 'ml', 'postgres', 'redis']

describe('A1.0 A set-up that was killed', () => {
  test(
    'A1.0.3 completes settings that a killed one left half, and keeps what was there',
    PATIENTLY,
    async ({ project }) => {
      await writeFile(join(project.root, '.env'), 'HMA_BUCKET=mine')
      await writeSecret(project, 'app-password', 'kept')

      await killAfterStep(project, 'settings')

      const { variables, secrets, ...kept } = readSettings(project)
      expect(variables).toEqual(exampleVariables(project))
      expect(secrets).toHaveLength(12)
      expect(kept).toEqual({ bucket: 'mine', appPassword: 'kept', invalid: [] })
    },
  )

  test(
    'A1.0.3 is completed by running it again, wherever it was killed',
    PATIENTLY,
    async ({ sharedProject }) => {
      await killAfterStep(sharedProject, 'engine')
      await killOnceContainerExists(sharedProject, 'postgres')
      await killAfterStep(sharedProject, 'stack')
      await disconnectFromEdge(sharedProject, 'ml')

      const last = await runSetup(sharedProject)

      expect(last).toMatchObject({ exitCode: 0, done: true })
      expect(await inspectStack(sharedProject)).toEqual({
        healthy: ALL,
        unhealthy: [],
        reachable: REACHABLE,
        migrations: 0,
        people: 12,
        documents: 4,
      })
    },
  )

  test('A1.0.3 is completed by starting the stack alone, too', PATIENTLY, async ({ sharedProject }) => {
    await up(sharedProject, [])
    await disconnectFromEdge(sharedProject, 'ml')

    const { exitCode } = await up(sharedProject, [])

    expect(exitCode).toBe(0)
    expect(await inspectStack(sharedProject)).toMatchObject({
      healthy: ALL,
      unhealthy: [],
      reachable: REACHABLE,
    })
  })
})
