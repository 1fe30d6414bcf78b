import { describe, expect, test } from '../harness/index.ts'
import { restartWith } from './vocabulary/database-load.ts'
import { boot } from './vocabulary/stack.ts'
import {
  ANYWHERE_TEXT,
  explanationOf,
  headOf,
  loadAnywhere,
  loadStatements,
  monitoredStack,
  SLOW_TEXT,
  type Statements,
  statementsByOrder,
  sumsOf,
  TYPED_TEXT,
  typeByHand,
  withSlowRow,
  withStatements,
} from './vocabulary/statement-load.ts'
import { figuresAs, rowsBelow, runAs } from './vocabulary/stats.ts'

const COUNTING = { shared_preload_libraries: 'pg_stat_statements' }
/** The database of a stack starts, and is migrated; a fault may build images. */
const SLOW = { timeout: 300_000 }
const ALL = ['--json', '--limit', '1000']
/** Neither the first nor the last one. */
const AMONG_OTHERS = ['auto_explain', 'pg_stat_statements', 'auth_delay']
const SECRET = 'ada@example.org'
/** It takes longer than a second, which is the least that differs in the moment of a reset. */
const FORGOTTEN = 'select pg_sleep(1.1) as forgotten'
/** A slow statement of a login that is made for it and dropped after it. */
const FORMER =
  'create role former; set role former; select pg_sleep(0.5) as former; reset role; drop role former'

describe('E1.0 The slow queries', () => {
  test('E1.0.1 the text of slow-queries has the same figures', async ({ cluster, project }) => {
    await restartWith(cluster, COUNTING)
    await using db = await cluster.database()
    await loadStatements(cluster, db, SECRET)

    const [{ stdout }, row] = await withSlowRow(db, () =>
      runAs(project, 'slow-queries', db, 'hma_monitor', ['--limit', '1']),
    )

    expect(rowsBelow(stdout, 'calls')).toEqual([row])
  })

  test('E1.0.1 slow-queries prints the sums of a statement that ran at the top level and inside of a block', async ({
    cluster,
    project,
  }) => {
    await restartWith(cluster, COUNTING)
    await using db = await cluster.database()
    await loadAnywhere(db)
    const { entries, sums } = await sumsOf(db, ANYWHERE_TEXT)

    const words = ['--json', '--limit', '1000']
    const { exitCode, stdout, stderr } = await runAs(project, 'slow-queries', db, 'hma_monitor', words)

    expect([entries, exitCode], stderr).toEqual([2, 0])
    const { statements } = JSON.parse(stdout) as Statements
    expect(statements.filter(({ text }) => text === ANYWHERE_TEXT)).toEqual([expect.objectContaining(sums)])
  })

  test('E1.0.3 slow-queries names the slow statement of a load, without its constants', async ({
    cluster,
    project,
  }) => {
    await restartWith(cluster, COUNTING)
    await using db = await cluster.database()
    await loadStatements(cluster, db, SECRET)

    const { statements, hidden } = await figuresAs<Statements>(project, 'slow-queries', db)
    const { stdout } = await runAs(project, 'slow-queries', db, 'hma_monitor', ['--limit', '1'])

    expect(statements[0]).toMatchObject({ login: 'postgres', calls: 5, rows: 35, text: SLOW_TEXT })
    expect(statements[0]?.meanMs).toBeGreaterThan(100)
    expect(statements[0]?.p95Ms).toBeGreaterThanOrEqual(statements[0]?.meanMs ?? Number.NaN)
    expect(statements[0]?.share).toBeGreaterThan(0.5)
    expect([hidden, JSON.stringify(statements), stdout]).toEqual([
      ...[0, expect.not.stringContaining(SECRET), expect.not.stringContaining(SECRET)],
    ])
    expect(rowsBelow(stdout, 'calls').map((cells) => cells.at(-1))).toEqual([SLOW_TEXT])
  })

  test(
    'E1.0.3 slow-queries does not print a password that somebody gave to a login of the stack by hand',
    SLOW,
    async ({ sharedProject }) => {
      expect(await boot(sharedProject, [], ['audit'])).toMatchObject({ exitCode: 0 })
      const answers = await typeByHand(sharedProject, SECRET)

      const place = await monitoredStack(sharedProject)
      const { exitCode, stdout } = await runAs(sharedProject, 'slow-queries', place, 'hma_monitor', ALL)

      expect(answers).toEqual([SECRET, 'done', 'done', 'done'])
      expect(exitCode).toBe(0)
      const { statements } = JSON.parse(stdout) as Statements
      expect(statements.map(({ text }) => text)).toContain(TYPED_TEXT)
      expect(stdout).not.toContain(SECRET)
    },
  )

  test('E1.0.3 slow-queries begins with the database and since when it counts: since the last reset, and nothing of before', async ({
    cluster,
    project,
  }) => {
    await restartWith(cluster, COUNTING)
    await using db = await cluster.database()
    await db.query(FORGOTTEN)

    const before = await headOf(project, db)
    await db.query('select statistics.pg_stat_statements_reset()')
    const after = await headOf(project, db)

    expect([before.exitCode, after.exitCode]).toEqual([0, 0])
    expect([before.head, after.head]).toEqual(
      [before, after].map(({ since }) => `${db.name}, since ${since}`),
    )
    expect(after.since > before.since).toBe(true)
    expect([before.text, after.text]).toEqual([
      ...[expect.stringContaining('forgotten'), expect.not.stringContaining('forgotten')],
    ])
  })

  test('E1.0.3 its figures equal those of the server, in each order', async ({ cluster, project }) => {
    await restartWith(cluster, COUNTING)
    await using db = await cluster.database()
    await loadStatements(cluster, db, SECRET)

    const [found, reported] = await withStatements(db, () => statementsByOrder(project, db))

    expect(found).toEqual(reported)
  })

  test('E1.0.3 the slow statement of a login that was dropped since is named, too', async ({
    cluster,
    project,
  }) => {
    await restartWith(cluster, COUNTING)
    await using db = await cluster.database()
    await db.query(FORMER)

    const { statements } = await figuresAs<Statements>(project, 'slow-queries', db)

    expect(statements).toContainEqual(
      expect.objectContaining({ calls: 1, rows: 1, text: 'select pg_sleep($1) as former' }),
    )
  })

  test('E1.0.3 slow-queries says so where the server loads another library than the one that counts, and not where it loads both', async ({
    cluster,
    project,
  }) => {
    await restartWith(cluster, { shared_preload_libraries: 'auto_explain' })
    await using db = await cluster.database()
    const ask = () => runAs(project, 'slow-queries', db, 'hma_monitor', ['--json'])

    const another = await ask()
    await restartWith(cluster, { shared_preload_libraries: AMONG_OTHERS })
    const among = await ask()

    expect([another.exitCode, another.stdout]).toEqual([
      ...[1, expect.stringContaining('"missing":"not loaded"')],
    ])
    expect([among.exitCode, among.stdout]).toEqual([0, expect.stringContaining('"statements":')])
  })

  test('E1.0.3 a login that may not see the text of others is told so', async ({ cluster, project }) => {
    await restartWith(cluster, COUNTING)
    await using db = await cluster.database()
    await loadStatements(cluster, db, SECRET)
    await db.query('grant usage on schema statistics to hma_ml')
    await db.query('grant select on all tables in schema statistics to hma_ml')
    await db.query('grant execute on all functions in schema statistics to hma_ml')

    const { statements, hidden } = await figuresAs<Statements>(project, 'slow-queries', db, 'hma_ml')

    expect(hidden).toBeGreaterThan(0)
    expect(statements.filter(({ login }) => login === 'postgres').map(({ text }) => text)).toEqual([null])
  })

  test('E1.0.3 where statements are not counted, slow-queries says why, and what to do', async ({
    cluster,
    project,
  }) => {
    await using db = await cluster.database()
    const explain = (login?: string) => explanationOf(project, db, login)

    const unloaded = await explain()
    await restartWith(cluster, COUNTING)
    await using counted = await cluster.database()
    const unprivileged = await explain('hma_app')
    await counted.query('alter system set pg_stat_statements.track = none')
    await counted.query('select pg_reload_conf()')
    const off = await explain()
    await counted.query('drop extension pg_stat_statements')
    const absent = await explain()

    const all = [unloaded, unprivileged, off, absent]
    expect(all.map(({ exitCodes }) => exitCodes)).toEqual(all.map(() => [1, 1]))
    const errors = all.map(({ json }) => JSON.parse(json).error)
    expect(all.map(({ lines }) => lines)).toEqual(errors.map(({ next }) => [expect.stringContaining(next)]))
    expect(errors).toEqual([
      expect.objectContaining({ missing: 'not loaded', next: expect.stringContaining('restart') }),
      expect.objectContaining({ missing: 'no privilege', next: expect.stringContaining('hma_monitor') }),
      expect.objectContaining({ missing: 'off', next: expect.stringContaining('top') }),
      expect.objectContaining({ missing: 'no extension', next: expect.stringContaining('create extension') }),
    ])
  })
})
