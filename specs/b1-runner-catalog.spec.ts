import { describe, expect, test } from '../harness/index.ts'
import { leafName } from './vocabulary/audit-partitions.ts'
import { CHAINS, CHAINS_AGAIN, CHANGES, CHANGES_OF_A_LEAF, HARMLESS } from './vocabulary/catalog-changes.ts'
import {
  catalogOf,
  differencesAfter,
  migrate,
  resultOf,
  statusOf,
  statusWith,
} from './vocabulary/migrations.ts'

/** What a login, or the environment of a shell, may say about how values are printed. */
const SETTINGS = [
  ...[
    'bytea_output=escape',
    'standard_conforming_strings=off',
    'quote_all_identifiers=on',
    'extra_float_digits=-5',
  ],
  ...['intervalstyle=sql_standard', 'datestyle=SQL,DMY', 'timezone=Asia/Tokyo', 'search_path=auth'],
  ...['escape_string_warning=off', 'backslash_quote=on', 'array_nulls=off', 'xmlbinary=hex'],
]

describe('B1.0 Every change of the catalog is drift', () => {
  test.for(CHANGES)('B1.0.8 %s', async ([, statement, kind, identity], { db }) => {
    const differences = await differencesAfter(db, statement)

    expect(differences).toContain(`${kind} ${identity}`)
  })

  test.for(CHANGES_OF_A_LEAF)('B1.0.8 of one leaf: %s', async (change, { db }) => {
    const leaf = `audit.${await leafName(db, 1)}`

    const differences = await differencesAfter(db, change.replaceAll('LEAF', leaf))

    expect(differences).toEqual([`leaf ${leaf}`])
  })

  test.for(HARMLESS)('B1.0.8 no drift: %s', async ([, statement], { db }) => {
    const differences = await differencesAfter(db, statement)

    expect(differences).toEqual([])
  })

  test('B1.0.8 the settings of a session change no digest', async ({ project, db }) => {
    const status = await statusWith(project, db, {
      PGOPTIONS: SETTINGS.map((each) => `-c ${each}`).join(' '),
    })

    expect(resultOf(status).drift).toEqual([])
  })

  test('B1.0.8 settings of the login and of the database are drift themselves, and change nothing else', async ({
    project,
    db,
  }) => {
    await db.query(
      `alter database ${db.name} set bytea_output = escape; alter database ${db.name} set quote_all_identifiers = on`,
    )

    expect((await statusOf(project, db)).drift).toEqual([
      { kind: 'setting', identity: 'everybody here bytea_output', difference: 'added' },
      { kind: 'setting', identity: 'everybody here quote_all_identifiers', difference: 'added' },
    ])
  })

  test('B1.0.8 expressions that Postgres reads again from its own text, as a restore does, are no drift', async ({
    db,
  }) => {
    await db.query(CHAINS)

    expect(await differencesAfter(db, CHAINS_AGAIN)).toEqual([])
  })

  test('B1.0.8 two databases with the same migrations have the same catalog', async ({
    project,
    db,
    emptyDb,
  }) => {
    await migrate(project, emptyDb, 'apply')

    expect(await catalogOf(emptyDb)).toEqual(await catalogOf(db))
  })
})
