import { describe, expect, test } from '../harness/index.ts'
import { render, storesIn } from './vocabulary/compose.ts'
import { containerOf, execIn } from './vocabulary/containers.ts'
import { inEachStore, readFromStores, STORES, writeToStores } from './vocabulary/durable-data.ts'
import { dataFolderAt, dataOutsideVolume, withClosedFolder } from './vocabulary/overlays.ts'
import { boot, kill, recreate, renamed, restartsOf, up, upWith } from './vocabulary/stack.ts'

const UNTIL_BACK = { timeout: 20_000, interval: 200 }

describe('A1.0 The data of the stack', { timeout: 120_000 }, () => {
  test('A1.0.7 a service that is killed comes back by itself with its data', async ({ sharedProject }) => {
    await boot(sharedProject, [], STORES)
    expect(storesIn((await render(sharedProject, 'test')).model)).toEqual(STORES.toSorted())
    await writeToStores(sharedProject, 'one')
    const before = await Promise.all(STORES.map((service) => restartsOf(sharedProject, service)))

    await Promise.all(STORES.map((service) => kill(sharedProject, service)))

    await expect.poll(() => readFromStores(sharedProject), UNTIL_BACK).toEqual(inEachStore('one'))
    const after = await Promise.all(STORES.map((service) => restartsOf(sharedProject, service)))
    expect(after.map(({ restarts }) => restarts)).toEqual(before.map(({ restarts }) => restarts + 1))
  })

  test('A1.0.7 a recreated container has the data of the old one', async ({ sharedProject }) => {
    await boot(sharedProject, [], STORES)
    await writeToStores(sharedProject, 'two')

    const { exitCode } = await recreate(sharedProject, STORES)

    expect(exitCode).toBe(0)
    await expect.poll(() => readFromStores(sharedProject), UNTIL_BACK).toEqual(inEachStore('two'))
  })

  test('A1.0.7 a start that would hide a cluster behind an empty one is refused, and the data stay', async ({
    sharedProject,
  }) => {
    await boot(sharedProject, [], STORES)
    await writeToStores(sharedProject, 'three')

    const refused = await upWith(sharedProject, dataFolderAt('/var/lib/postgresql/18/docker'), ['postgres'])
    const { exitCode } = await containerOf(sharedProject, 'postgres')
    await up(sharedProject, [], STORES)

    expect([refused.exitCode, exitCode]).toEqual([1, 3])
    expect(await readFromStores(sharedProject)).toEqual(inEachStore('three'))
    expect(await execIn(sharedProject, 'postgres', ['ls', '/var/lib/postgresql'])).toMatchObject({
      stdout: '17\ndata',
    })
  })

  test('A1.0.7 a start whose cluster would be in no volume is refused', async ({ sharedProject }) => {
    const other = renamed(sharedProject, '-adrift')

    const refused = await upWith(other, dataOutsideVolume, ['postgres'])

    expect(refused.exitCode).toBe(1)
    expect(await containerOf(other, 'postgres')).toMatchObject({ exitCode: 3 })
  })

  test('A1.0.7 a start is accepted where the volume has the folder lost+found', async ({ sharedProject }) => {
    const started = await upWith(renamed(sharedProject, '-fresh'), withClosedFolder('lost+found'), [
      'postgres',
    ])

    expect(started).toMatchObject({ exitCode: 0 })
  })

  test('A1.0.7 a start is refused where a folder of the volume cannot be read', async ({ sharedProject }) => {
    const other = renamed(sharedProject, '-closed')

    const refused = await upWith(other, withClosedFolder('16'), ['postgres'])

    expect(refused.exitCode).toBe(1)
    expect(await containerOf(other, 'postgres')).toMatchObject({ exitCode: 3 })
  })
})
