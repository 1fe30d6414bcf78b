import { describe, expect, test } from '../harness/index.ts'
import { createDatabase } from './vocabulary/databases.ts'
import { migrate, migrateAsMigrator, resultOf } from './vocabulary/migrations.ts'

describe('B1.1 The locale of the database', () => {
  test.for([
    ['UTF8', `encoding 'UTF8' locale 'C'`],
    ['LATIN1', `encoding 'LATIN1' locale 'C'`],
    ['SQL_ASCII', `encoding 'SQL_ASCII' locale 'C'`],
    ['UTF8', `encoding 'UTF8' locale_provider icu icu_locale 'tr' locale 'C.UTF-8'`],
  ] as const)(
    'B1.1.6 %s: a database made with %s is refused, because it knows other letters',
    async ([encoding, how], { project, emptyDb }) => {
      await using database = await createDatabase(emptyDb, how)

      const applied = await migrate(project, database, 'apply', '--json')

      expect(resultOf(applied).error).toMatchObject({ exitCode: 4, encoding })
      expect(resultOf(await migrateAsMigrator(project, database, 'apply', '--json')).error).toMatchObject({
        encoding,
      })
      expect(await database.hasSchema('auth')).toBe(false)
    },
  )

  test.for([
    `encoding 'UTF8' locale 'C.UTF-8'`,
    `encoding 'UTF8' locale_provider builtin builtin_locale 'C.UTF-8' locale 'C'`,
    `encoding 'UTF8' locale_provider icu icu_locale 'de' locale 'C.UTF-8'`,
  ])('B1.1.6 a database made with %s is accepted', async (how, { project, emptyDb }) => {
    await using database = await createDatabase(emptyDb, how)

    expect(await migrate(project, database, 'apply')).toMatchObject({ exitCode: 0 })
  })
})
