import { describe, expect, test } from '../harness/index.ts'
import { allowedButNotInternal, gapsIn } from './vocabulary/coverage.ts'

const NOTES = 'create table auth.notes (id uuid not null, created_at timestamptz, updated_at timestamptz)'
const STAMPED = `create trigger notes_are_stamped before insert or update on auth.notes
  for each row execute function ops.stamp_times()`

describe('B1.3 No table is left out', () => {
  test('B1.3.4 every table in auth is audited and stamped, always', async ({ db }) => {
    expect(await gapsIn(db)).toEqual([])
  })

  test('B1.3.4 a new table without any of it is named with all that it lacks', async ({ db }) => {
    await db.query(NOTES)

    expect(await gapsIn(db)).toEqual([
      'auth.notes: actors before delete',
      'auth.notes: actors before insert',
      'auth.notes: actors before truncate',
      'auth.notes: actors before update',
      'auth.notes: audit of delete',
      'auth.notes: audit of insert',
      'auth.notes: audit of truncate',
      'auth.notes: audit of update',
      'auth.notes: times on insert',
      'auth.notes: times on update',
    ])
  })

  test('B1.3.4 a new table that is put under audit and stamped lacks nothing', async ({ db }) => {
    await db.query(`${NOTES}; ${STAMPED}; select audit.watch('auth.notes', 'id')`)

    expect(await gapsIn(db)).toEqual([])
  })

  test('B1.3.4 a new table without the columns of its times is named', async ({ db }) => {
    await db.query(`create table auth.notes (id uuid not null); select audit.watch('auth.notes', 'id')`)

    expect(await gapsIn(db)).toEqual(['auth.notes: times on insert', 'auth.notes: times on update'])
  })

  test('B1.3.4 a partitioned table is a table', async ({ db }) => {
    await db.query('create table auth.notes (id uuid not null, at date) partition by range (at)')

    expect(await gapsIn(db)).toContain('auth.notes: audit of insert')
  })

  test('B1.3.4 a table without an id cannot be put under audit', async ({ db }) => {
    await db.query('create table auth.notes (number bigint)')

    const attempt = db.query(`select audit.watch('auth.notes', 'number')`)

    await expect(attempt).toBreakRule('watched_tables_have_an_id')
  })

  test('B1.3.4 what may be copied is what is commented as internal, and nothing else', async ({ db }) => {
    expect(await allowedButNotInternal(db)).toEqual([])
  })
})
