import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from '../harness/index.ts'
import { endsTransaction, refuserOf, TEXTS } from './vocabulary/migration-texts.ts'
import { addMigration, addMigrationFile, migrate, resultOf, statusOf } from './vocabulary/migrations.ts'

const TABLE = 'create table auth.later (id int);'

/** Nearly the names of the files that are no migrations. */
const NEARLY_OTHERS = [
  ...['9998_roles.sql', '9998_access.sql', '9998_database.sql', '9998_schema.sql', '9998_after-apply.sql'],
  ...['old_roles.sql', 'roles.sql.old'],
]

/** Where the comment is, both files, which of them is refused, and the line where the comment begins. */
const IN_BLOCK_COMMENTS = [
  ['in the header', `/* Licence: MIT\n   opt-in: trial */\n${TABLE}`, 'select 1;', 'up', 2],
  ['below the first statement', `${TABLE}\n/* Later:\n   no-transaction */`, 'select 1;', 'up', 3],
  ['of one line, below the first statement', `${TABLE} /* no-transaction */`, 'select 1;', 'up', 2],
  ['in the down file', TABLE, '/* Later:\n   run as: hma_owner\n*/\nselect 1;', 'down', 2],
] as const

/** For Postgres each of these ends the transaction. */
const HIDDEN_COMMITS = [
  ['below a line that ends with a carriage return', '-- note\rcommit;'],
  ['after an escape string of two parts', `select e'a'\n'\\'' ; commit; --'`],
  ['after a dollar quote with capitals', 'select $A$ $a$ $A$; commit; select $A$ $a$ $A$;'],
  ['after a column called atomic', 'select begin atomic from (select 1 as begin) as b; commit;'],
  [
    'after a function with a column called case',
    'create function auth.sly() returns int begin atomic select 1 as case; end; commit;',
  ],
] as const

/** For Postgres none of these does. */
const NO_COMMITS = [
  '/* off: /* note */ begin; commit; */',
  'do $größe$ begin perform 1; end $größe$;',
  `select e'a' -- note\n'\\'; commit; select ';`,
  'do $a$ begin /* $A$; commit; */ perform 1; end $a$;',
  'create function auth.odd() returns int begin atomic select case when true then 1 end as end; end;',
].join('\n')

describe('B1.0 How a migration file is read', () => {
  test.for([
    '--opt-in: trial',
    '--  opt-in: trial',
    '-- Opt-In: trial',
    '-- opt_in: trial',
    '-- opt-in trial',
    '/* opt-in: trial */',
    '-- no-transaction ',
    '-- run-as: hma_owner',
    '-- Proves: B1.0.1',
  ])(
    'B1.0.11 «%s» is nearly a directive: refused, and the error names file and line',
    async (directive, { project, db }) => {
      await addMigration(project, '9998_later', `${directive}\n${TABLE}`)

      const applied = await migrate(project, db, 'apply', '--json')

      expect(resultOf(applied).error).toMatchObject({ exitCode: 4, file: '9998_later.up.sql', line: 2 })
      expect(await db.value(`select to_regclass('auth.later')`)).toBeNull()
    },
  )

  test.for(IN_BLOCK_COMMENTS)(
    'B1.0.11 a directive in a block comment %s is refused, and the error names file and line',
    async ([, up, down, direction, line], { project, db }) => {
      await addMigration(project, '9998_later', up, down)

      const applied = await migrate(project, db, 'apply', '--json')

      expect(applied.exitCode).toBe(4)
      expect(resultOf(applied).error).toMatchObject({ file: `9998_later.${direction}.sql`, line })
      expect(await db.value(`select to_regclass('auth.later')`)).toBeNull()
    },
  )

  test.for([
    ['an ending in capitals', '9998_later.up.SQL', TABLE],
    ['the backup of an editor', '9998_later.up.sql~', TABLE],
    ['a byte order mark', '9998_later.up.sql', `\uFEFF${TABLE}`],
    ['two opt-in groups', '9998_later.up.sql', `-- opt-in: trial\n-- opt-in: other\n${TABLE}`],
    ['a directive below the first statement', '9998_later.up.sql', `${TABLE}\n-- opt-in: trial\n`],
  ] as const)('B1.0.11 a file with %s is refused by name', async ([, file, sql], { project, db }) => {
    await addMigration(project, '9998_later', TABLE)
    await addMigrationFile(project, file, sql)

    const applied = await migrate(project, db, 'apply', '--json')

    expect(resultOf(applied).error).toMatchObject({ exitCode: 4, file })
    expect(await db.value(`select to_regclass('auth.later')`)).toBeNull()
  })

  test('B1.0.11 a file with nearly the name of one that is no migration is refused by name', async ({
    project,
    db,
  }) => {
    for (const file of NEARLY_OTHERS) {
      await addMigrationFile(project, file, TABLE)

      const applied = await migrate(project, db, 'apply', '--json')

      expect(applied, file).toMatchObject({ exitCode: 4 })
      expect(resultOf(applied).error).toMatchObject({ file })
      await rm(join(project.root, 'migrations', file))
    }
  })

  test('B1.0.11 a directive counts below a licence and an empty line, and with the line ends of Windows', async ({
    project,
    db,
  }) => {
    await addMigration(project, '9998_later', `\r\n/* Licence: MIT */\r\n-- opt-in: trial\r\n${TABLE}\r\n`)

    expect(resultOf(await migrate(project, db, 'apply', '--json'))).toEqual({ applied: [] })
    expect(await statusOf(project, db)).toMatchObject({ pending: [], optIn: { trial: 'not applied' } })
  })

  test('B1.0.11 other line ends are no edit', async ({ project, db }) => {
    await addMigration(project, '9998_later', TABLE)
    await migrate(project, db, 'apply')
    await addMigrationFile(project, '9998_later.up.sql', `-- 9998 later\r\n${TABLE}\r\n`)

    expect(await statusOf(project, db)).toMatchObject({ edited: [], pending: [] })
  })

  test.for(HIDDEN_COMMITS)(
    'B1.0.11 a commit %s is refused, and the error names file and line',
    async ([, sql], { project, db }) => {
      await addMigration(project, '9998_later', `${TABLE}\n${sql}`)

      const applied = await migrate(project, db, 'apply', '--json')

      const line = 2 + `${TABLE}\n${sql}`.split('\n').findIndex((text) => text.includes('commit'))
      expect(resultOf(applied).error).toMatchObject({ exitCode: 4, file: '9998_later.up.sql', line })
      expect(await db.value(`select to_regclass('auth.later')`)).toBeNull()
    },
  )

  test('B1.0.11 what only looks like a commit is applied: in comments, strings, dollar quotes and bodies', async ({
    project,
    db,
  }) => {
    await addMigration(project, '9998_later', `${NO_COMMITS}\n${TABLE}`)

    expect(resultOf(await migrate(project, db, 'apply', '--json'))).toEqual({ applied: ['9998_later'] })
  })

  test('B1.0.11 of random texts exactly those are refused in which Postgres ends the transaction', async ({
    project,
    db,
  }) => {
    const isRefused = await refuserOf(project)
    const found = { ended: 0, stayed: 0 }
    const agrees = fc.asyncProperty(TEXTS, async (text) => {
      const ends = await endsTransaction(db, text)
      if (ends !== undefined) found[ends ? 'ended' : 'stayed'] += 1
      return ends === undefined || ends === isRefused(text)
    })

    const checked = await fc.check(agrees, { numRuns: 600, seed: 1 })

    expect(checked).toMatchObject({ counterexample: null, failed: false, numRuns: 600 })
    expect(Math.min(found.ended, found.stayed)).toBeGreaterThan(50)
  })

  test('B1.0.11 a string is read in the same way where the database says otherwise', async ({
    project,
    db,
  }) => {
    await db.query(`alter database ${db.name} set standard_conforming_strings = off`)
    await addMigration(
      project,
      '9998_later',
      `create table auth.later as select '\\'' ; commit; --' as text;`,
    )

    expect(resultOf(await migrate(project, db, 'apply', '--json'))).toEqual({ applied: ['9998_later'] })
    expect(await db.column('select text from auth.later')).toEqual([`\\' ; commit; --`])
  })

  test('B1.0.11 a string is read in the same way in a migration without a transaction', async ({
    project,
    db,
  }) => {
    await db.query(`alter database ${db.name} set standard_conforming_strings = off`)
    const index = `create index concurrently later on auth.users (id) where email <> '\\'' ; commit; --';`
    await addMigration(
      project,
      '9998_later',
      `-- no-transaction\n${index}`,
      'drop index concurrently auth.later;',
    )

    expect(resultOf(await migrate(project, db, 'apply', '--json'))).toEqual({ applied: ['9998_later'] })
    expect(await db.value(`select to_regclass('auth.later')::text`)).toBe('auth.later')
  })

  test('B1.0.11 the error names the line, also below characters outside of the basic plane', async ({
    project,
    db,
  }) => {
    const file = join(project.root, 'migrations/9998_later.up.sql')
    await addMigration(project, '9998_later', TABLE)
    await writeFile(file, `-- 9998 later ${'🎉'.repeat(40)}\nselect 1;\nselect nothing;\n\n\n\nselect 1;\n`)

    const applied = await migrate(project, db, 'apply', '--json')

    expect(resultOf(applied).error).toMatchObject({ file: '9998_later.up.sql', line: 3 })
  })
})
