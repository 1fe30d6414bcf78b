import { describe, expect, test } from '../harness/index.ts'
import { buildImages } from './vocabulary/compose.ts'
import { diskServed, fillDatabaseDisk, startOnDisk } from './vocabulary/database-disk.ts'

const MIB = 2 ** 20
const [SIZE, FILL] = [8, 6]

describe('E1.1 The disk of the database', { timeout: 180_000 }, () => {
  test('E1.1.3 the figures about the disk of the database are those of its volume, and follow what is written there', async ({
    project,
  }) => {
    await buildImages(project)
    await startOnDisk(project, SIZE)
    const before = await diskServed(project)

    await fillDatabaseDisk(project, FILL)

    const after = await diskServed(project)
    const whole = SIZE * MIB
    expect([before.total, after.total]).toEqual([whole, whole])
    // Less than all of it: a folder takes room, too.
    expect(before.free).toBeGreaterThan(whole - MIB)
    expect(before.free - after.free).toBeGreaterThanOrEqual(FILL * MIB)
    expect(before.free - after.free).toBeLessThan((FILL + 1) * MIB)
  })
})
