import { type Database, describe, expect, test } from '../harness/index.ts'
import { createAccount } from './vocabulary/accounts.ts'
import { auditLogAsText, auditRecords, changesIn, recordsAddedBy } from './vocabulary/audit-log.ts'
import { hashOf, runWithToken, startSession } from './vocabulary/sessions.ts'
import { insertUser } from './vocabulary/users.ts'

const TOKEN = 'a secret token'
const TOKEN_HASH = hashOf(TOKEN)

/** Values that useSecrets stores, as written and as Postgres may print them. */
const SECRETS = [
  ['an e-mail address', /secret-ada|secret-grace|secret-minor|@example/i],
  ['a password hash', /argon2|hush/i],
  ['a birth date', /(?:1887|1987|1988|2019)-?0[56]-?0[56]|0[56][./]0[56][./](?:1987|1988|2019)|May 1987/],
  [
    'the hash of a token',
    new RegExp(
      `${TOKEN_HASH.toString('hex').slice(0, 12)}|${TOKEN_HASH.toString('base64').slice(0, 8)}`,
      'i',
    ),
  ],
] as const

/** Registers, rejects, updates, upserts, deletes and truncates rows with secrets; returns the id of the user. */
async function useSecrets(db: Database): Promise<string> {
  const app = await db.as('hma_app')
  await app.query(`select auth.register('secret-ada@example.org', 'argon2-hush', '1987-05-06', 'request 1');
    select auth.register('secret-ADA@example.org', 'argon2-hush', '1987-05-06');
    select auth.register('secret-minor@example.org', 'argon2-hush', '2019-05-06');
    select auth.register('secret-minor@example.org', 'argon2-hush', '06/05/1987');
    select auth.register('secret-minor@example.org', 'argon2-hush', '6 May 1987');
    select auth.register('secret-minor@example.org', null, '1887-05-06');
    select auth.register('no address', 'argon2-hush', '1987-05-06')`)
  const user = await db.value<string>('select id from auth.users')
  await startSession(app, user, TOKEN)
  await runWithToken(
    db,
    TOKEN,
    `update auth.users set email = 'secret-grace@example.org', password_hash = 'argon2-hush-hush'`,
  )
  await runWithToken(db, TOKEN, `update auth.users set password_hash = 'argon2-hush'`, null)
  await db.query(`update auth.users set date_of_birth = '1988-05-06';
    insert into auth.users (email, password_hash, date_of_birth) values ('secret-grace@example.org', 'argon2', '1988-05-06')
      on conflict (lower(email)) do update set password_hash = excluded.password_hash, date_of_birth = '1987-06-05'`)
  await runWithToken(db, TOKEN, `select auth.end_session(sha256('${TOKEN}'))`)
  await db.query('delete from auth.users; truncate auth.users cascade')
  return user
}

describe('B1.3 Secrets stay out of the audit log', () => {
  test.for(SECRETS)('B1.3.3 %s is nowhere in the log', async ([, secret], { db }) => {
    const user = await useSecrets(db)

    const log = await auditLogAsText(db)

    expect(log).toContain(user)
    expect(log).not.toMatch(secret)
  })

  test('B1.3.3 each change of a secret leaves a record', async ({ db }) => {
    await useSecrets(db)

    expect(changesIn(await auditRecords(db))).toEqual([
      'insert auth.users',
      'registration_repeated auth.register',
      ...Array(5).fill('registration_rejected auth.register'),
      'insert auth.sessions',
      'update auth.users',
      'update auth.users',
      'update auth.users',
      'update auth.users',
      'update auth.sessions',
      'delete auth.users',
      'delete auth.sessions',
      'truncate auth.users',
      'truncate auth.sessions',
      'truncate auth.legal_acceptance',
    ])
  })

  test('B1.3.3 an update of a secret is recorded with the names of the columns only', async ({ db }) => {
    await insertUser(db)

    const [record] = await recordsAddedBy(
      db,
      `update auth.users set password_hash = 'y', date_of_birth = '1988-05-06'`,
    )

    expect(record?.details).toEqual({ changed: ['date_of_birth', 'password_hash'], old: {}, new: {} })
  })

  test('B1.3.3 the values of a new column are not recorded', async ({ db }) => {
    await db.query(`alter table auth.users add column nickname text default 'secret-nick'`)
    await createAccount(db)

    await db.query(`update auth.users set nickname = 'secret-nack'; delete from auth.users`)

    expect(await auditLogAsText(db)).not.toMatch(/secret-n[ia]ck/)
    expect(await auditRecords(db)).toContainEqual(
      expect.objectContaining({ action: 'update', details: { changed: ['nickname'], old: {}, new: {} } }),
    )
  })

  test('B1.3.3 no value of a table under audit is recorded unless its column is named', async ({ db }) => {
    await db.query(`create table auth.notes (id uuid not null, line text); select audit.watch('auth.notes')`)

    const records = await recordsAddedBy(
      db,
      `insert into auth.notes values (gen_random_uuid(), 'secret');
      update auth.notes set line = 'another secret'; delete from auth.notes`,
    )

    expect(records.map(({ details }) => details)).toEqual([
      { new: {} },
      { changed: ['line'], old: {}, new: {} },
      { old: {} },
    ])
  })
})
