import { join } from 'node:path'
import { describe, expect, test } from '../harness/index.ts'
import { endedAtLock, holdLocks, LOCKED_COMMANDS, runLockedCommands } from './vocabulary/backup-locks.ts'
import { FULL_FOLDER, pathWithout } from './vocabulary/doctor.ts'

const cannotBeTaken = LOCKED_COMMANDS.map(([, lock]) => endedAtLock(3, `${lock}\\.lock cannot be locked`))

describe('A1.4 The locks of the backups', () => {
  test('A1.4.6 a command of the backups that another process holds up says so', async ({ project }) => {
    await using locks = await holdLocks(project)

    const outcomes = await runLockedCommands(project, locks.folder)

    expect(outcomes).toEqual(LOCKED_COMMANDS.map(([, lock]) => endedAtLock(5, `Another ${lock} is running`)))
  })

  test('A1.4.6 a lock of the backups is not taken for held where its folder is a file', async ({
    project,
  }) => {
    const outcomes = await runLockedCommands(project, join(project.root, 'package.json'))

    expect(outcomes).toEqual(cannotBeTaken)
  })

  test('A1.4.6 a lock of the backups is not taken for held where no file can be made', async ({
    project,
  }) => {
    const outcomes = await runLockedCommands(project, FULL_FOLDER)

    expect(outcomes).toEqual(cannotBeTaken)
  })

  test('A1.4.6 a lock of the backups is not taken for held where flock is missing', async ({ project }) => {
    const PATH = await pathWithout(project, 'flock')

    const outcomes = await runLockedCommands(project, join(project.root, '.backups'), { PATH })

    expect(outcomes).toEqual(cannotBeTaken)
  })
})
