import { describe, expect, test } from '../harness/index.ts'
import { createAccount } from './vocabulary/accounts.ts'
import { recordsAddedBy } from './vocabulary/audit-log.ts'
import { migratorWithRole } from './vocabulary/logins.ts'

const IDENTITY = `${'ab'.repeat(32)}_00000000000040008000000000000001`

/** Ways to the identity of a user for a login that can become hma_auth_definer. */
const IMPERSONATIONS = [
  ['a setting that it has written', `set local backtrace_functions = '${IDENTITY}'`],
  ['a token whose hash it has read', 'select auth.identify(token_hash) from auth.sessions'],
  [
    'a session that it has started',
    `select auth.start_session(id::text, sha256('mine')) from auth.users; select auth.identify(sha256('mine'))`,
  ],
] as const

describe('B1.3 Actor of an audit record, where a login can become the owner', () => {
  test.for(IMPERSONATIONS)(
    'B1.3.2 a login that can become the owner acts for no user, even with %s',
    async ([, impersonate], { db }) => {
      await createAccount(db)
      const migrator = await migratorWithRole(db, 'hma_auth_definer')
      await migrator.query(`begin; ${impersonate}; set local role hma_owner`)
      const identity = await migrator.value(`select current_setting('backtrace_functions')`)

      const records = await recordsAddedBy(db, () =>
        migrator.query(`update auth.users set password_hash = 'y'; commit`),
      )

      expect(identity).toMatch(/^[0-9a-f]{64}_[0-9a-f]{32}$/)
      expect(records.at(-1)).toMatchObject({ action: 'update', entity: 'auth.users' })
      expect(records.map(({ actor_id, actor_role }) => [actor_id, actor_role])).toEqual(
        records.map(() => [null, 'hma_migrator']),
      )
    },
  )

  test('B1.3.2 hma_migrator is the only login that can write the setting of the identity', async ({
    cluster,
  }) => {
    const db = await cluster.database()

    const logins = await db.column(
      `select l.rolname::text from pg_roles l where l.rolcanlogin and not l.rolsuper and exists (
          select from pg_roles r where has_parameter_privilege(r.oid, 'backtrace_functions', 'set') and pg_has_role(l.oid, r.oid, 'set')
             and not r.rolsuper) order by 1`,
    )

    expect(logins).toEqual(['hma_migrator'])
  })
})
