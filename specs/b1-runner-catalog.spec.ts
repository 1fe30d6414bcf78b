import { describe, expect, test } from '../harness/index.ts'
import { leafName } from './vocabulary/audit-partitions.ts'
import {
  CHAINS,
  CHAINS_AGAIN,
  CHANGES,
  CHANGES_OF_A_LEAF,
  CHANGES_OF_THE_SERVER,
  HARMLESS,
} from './vocabulary/catalog-changes.ts'
import { columnsLeftOut } from './vocabulary/catalog-coverage.ts'
import {
  catalogOf,
  differencesAfter,
  migrate,
  resultOf,
  statusOf,
  statusWith,
} from './vocabulary/migrations.ts'
import { oppositeAttributes, oppositeOptions, unnoticed } from './vocabulary/role-changes.ts'

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

/** Columns that are in no digest, by catalog. */
const NOT_COMPARED = {
  // Figures and data, the state of replication, and what not everybody may read.
  pg_init_privs: 'all',
  pg_largeobject: 'all',
  pg_statistic: 'all',
  pg_statistic_ext_data: 'all',
  pg_subscription_rel: 'all',
  pg_user_mapping: 'all',
  pg_subscription: 'subdbid subskiplsn subtwophasestate subconninfo',
  // Read by name, in queries of their own, which the changes below ask.
  pg_auth_members: 'all',
  pg_authid: 'all',
  pg_db_role_setting: 'all',
  pg_parameter_acl: 'all',
  pg_replication_origin: 'all',
  // Follows from the objects.
  pg_shdepend: 'all',
  // Expressions and bodies are printed.
  pg_attrdef: 'adnum',
  pg_constraint: 'conindid conparentid conbin',
  pg_proc: 'proargdefaults prosqlbody',
  pg_rewrite: 'ev_qual ev_action',
  pg_statistic_ext: 'stxexprs',
  pg_trigger: 'tgparentid tgconstrindid tgconstraint tgqual',
  // What only numbers the object that a row belongs to, files, figures, hints, and versions of the operating system.
  pg_attribute: 'attrelid attnum attcacheoff atthasmissing attmissingval',
  pg_class:
    `reltype relfilenode relpages reltuples relallvisible reltoastrelid relhasindex relnatts relchecks relhasrules relhastriggers
    relhassubclass relrewrite relfrozenxid relminmxid relpartbound`.replace(/\s+/g, ' '),
  pg_collation: 'collversion',
  pg_database: 'datname datfrozenxid datminmxid datcollversion',
  pg_depend: 'classid objid objsubid refobjid refobjsubid',
  pg_description: 'objoid classoid objsubid',
  pg_enum: 'enumtypid enumsortorder',
  pg_index: 'indexrelid indcheckxmin',
  pg_seclabel: 'objoid classoid objsubid',
  pg_shdescription: 'objoid classoid',
  pg_shseclabel: 'objoid classoid',
  pg_type: 'typarray',
}

describe('B1.0 Every change of the catalog is drift', () => {
  test('B1.0.8 every column of every catalog is compared, but for these', async ({ project, db }) => {
    expect(await columnsLeftOut(project, db)).toEqual(NOT_COMPARED)
  })

  test.for(CHANGES)('B1.0.8 %s', async ([, statement, kind, identity], { db, sharedProject }) => {
    const differences = await differencesAfter(sharedProject, db, statement)

    expect(differences).toContain(`${kind} ${identity}`)
  })

  test.for(CHANGES_OF_THE_SERVER)(
    'B1.0.8 of what all databases share: %s',
    async ([, statement, kind, identity], { db, sharedProject }) => {
      const differences = await differencesAfter(sharedProject, db, statement)

      expect(differences).toContain(`${kind} ${identity}`)
    },
  )

  test('B1.0.8 every attribute that a role has or has not is compared', async ({ project, db }) => {
    const changes = await oppositeAttributes(db, 'hma_ml')

    expect(changes).toContain('alter role hma_ml createrole')
    expect(await unnoticed(project, db, changes, 'role hma_ml')).toEqual([])
  })

  test('B1.0.8 every option of a membership is compared', async ({ project, db }) => {
    const changes = await oppositeOptions(db, 'hma_owner', 'hma_auth_definer')

    expect(changes).toContain('grant hma_auth_definer to hma_owner with admin true')
    expect(await unnoticed(project, db, changes, 'membership hma_owner in hma_auth_definer')).toEqual([])
  })

  test.for(CHANGES_OF_A_LEAF)('B1.0.8 of one leaf: %s', async (change, { db, sharedProject }) => {
    const leaf = `audit.${await leafName(db, 1)}`

    const differences = await differencesAfter(sharedProject, db, change.replaceAll('LEAF', leaf))

    expect(differences).toEqual([`leaf ${leaf}`])
  })

  test.for(HARMLESS)('B1.0.8 no drift: %s', async ([, statement], { db, sharedProject }) => {
    const differences = await differencesAfter(sharedProject, db, statement)

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
    sharedProject,
  }) => {
    await db.query(CHAINS)

    expect(await differencesAfter(sharedProject, db, CHAINS_AGAIN)).toEqual([])
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
