import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '../harness/index.ts'
import { lookAt, unplug } from './vocabulary/brought.ts'
import { giveSecret, keptSettings, killAfter, killAmong, setUp, wantedVariables } from './vocabulary/setup.ts'
import { up } from './vocabulary/stack.ts'

const PATIENTLY = { timeout: 300_000 }
const ALL = ['bucket', 'migrate', 'minio', 'ml', 'postgres', 'redis']
const REACHED = ['minio', 'ml', 'postgres', 'redis']

describe('A1.0 A set-up that was killed', () => {
  test(
    'A1.0.3 completes settings that a killed one left half, and keeps what was there',
    PATIENTLY,
    async ({ project }) => {
      await writeFile(join(project.root, '.env'), 'HMA_BUCKET=mine')
      await giveSecret(project, 'app-password', 'kept')

      await killAfter(project, 'settings')

      const { variables, secrets, ...kept } = keptSettings(project)
      expect(variables).toEqual(wantedVariables(project))
      expect(secrets).toHaveLength(12)
      expect(kept).toEqual({ bucket: 'mine', appPassword: 'kept', bad: [] })
    },
  )

  test(
    'A1.0.3 is completed by running it again, wherever it was killed',
    PATIENTLY,
    async ({ commonProject }) => {
      await killAfter(commonProject, 'engine')
      await killAmong(commonProject, 'postgres')
      await killAfter(commonProject, 'stack')
      await unplug(commonProject, 'ml')

      const last = await setUp(commonProject)

      expect(last).toMatchObject({ exitCode: 0, done: true })
      expect(await lookAt(commonProject)).toEqual({
        well: ALL,
        ill: [],
        reached: REACHED,
        migrations: 0,
        people: 12,
        documents: 4,
      })
    },
  )

  test('A1.0.3 is completed by starting the stack alone, too', PATIENTLY, async ({ commonProject }) => {
    await up(commonProject, [])
    await unplug(commonProject, 'ml')

    const { exitCode } = await up(commonProject, [])

    expect(exitCode).toBe(0)
    expect(await lookAt(commonProject)).toMatchObject({ well: ALL, ill: [], reached: REACHED })
  })
})
