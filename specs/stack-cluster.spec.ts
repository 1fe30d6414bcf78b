import { describe, expect, test } from '../harness/index.ts'

describe('A private cluster', () => {
  test('has the filled database and its login roles', async ({ cluster }) => {
    const app = await cluster.as('hma_app')

    await expect(app.query('create table auth.mine ()')).toBeDenied()
  })

  test('keeps its roles to itself', async ({ cluster, db }) => {
    const own = await cluster.database()

    await own.query('create role visitor')

    expect(await db.value(`select count(*)::int from pg_roles where rolname = 'visitor'`)).toBe(0)
  })

  test('keeps its settings to itself', async ({ cluster, db }) => {
    const own = await cluster.database()
    await own.query(`alter system set work_mem = '7MB'`)

    await own.query('select pg_reload_conf()')

    expect(await (await cluster.database()).value('show work_mem')).toBe('7MB')
    expect(await db.value('show work_mem')).not.toBe('7MB')
  })

  test('recovers what was committed before a crash', async ({ cluster }) => {
    const before = await cluster.database()
    await before.query('create table public.mark as select 1 as n')
    await cluster.stop('immediate')

    await cluster.start()

    expect(await (await cluster.database()).count('public.mark')).toBe(1)
    expect(await cluster.log()).toContain('not properly shut down')
  })

  test('rejects connections while it is stopped', async ({ cluster }) => {
    await cluster.stop('fast')

    await expect(cluster.database()).rejects.toThrow()
  })

  test('can have an empty database', async ({ cluster }) => {
    const empty = await cluster.createEmpty('restored')

    expect(await empty.value(`select to_regclass('auth.users')`)).toBeNull()
  })

  test('reports why it does not start', async ({ cluster }) => {
    const own = await cluster.database()
    await own.query(`alter system set shared_preload_libraries = 'no_such_library'`)
    await cluster.stop('fast')

    const attempt = cluster.start()

    await expect(attempt).rejects.toThrow(/exit code 1(?:.|\n)*no_such_library/)
  })
})

describe('The log of the server', () => {
  test('shows the error of a failed statement', async ({ db, serverLog }) => {
    await db.query('select 1 / 0').catch(() => {})

    expect(await serverLog()).toContain('ERROR:  division by zero')
  })

  test('shows nothing of another database', async ({ db, emptyDb, serverLog }) => {
    await emptyDb.query('select 1 / 0').catch(() => {})

    expect(db.name).not.toBe(emptyDb.name)
    expect(await serverLog()).toBe('')
  })
})
