import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '../harness/index.ts'
import { addMigration, addMigrationFile, migrate, resultOf, statusOf } from './vocabulary/migrations.ts'

const TABLE = 'create table auth.later (id int);'

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
  ])(
    'B1.0.11 «%s» is nearly a directive: refused, and the error names file and line',
    async (directive, { project, db }) => {
      await addMigration(project, '9998_later', `${directive}\n${TABLE}`)

      const applied = await migrate(project, db, 'apply', '--json')

      expect(resultOf(applied).error).toMatchObject({ exitCode: 4, file: '9998_later.up.sql', line: 2 })
      expect(await db.value(`select to_regclass('auth.later')`)).toBeNull()
    },
  )

  test.for([
    ['an ending in capitals', '9998_later.up.SQL', TABLE],
    ['the backup of an editor', '9998_later.up.sql~', TABLE],
    ['a byte order mark', '9998_later.up.sql', `\uFEFF${TABLE}`],
    ['a directive below the first statement', '9998_later.up.sql', `${TABLE}\n-- opt-in: trial\n`],
  ] as const)('B1.0.11 a file with %s is refused by name', async ([, file, sql], { project, db }) => {
    await addMigration(project, '9998_later', TABLE)
    await addMigrationFile(project, file, sql)

    const applied = await migrate(project, db, 'apply', '--json')

    expect(resultOf(applied).error).toMatchObject({ exitCode: 4, file })
    expect(await db.value(`select to_regclass('auth.later')`)).toBeNull()
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
