import { type Database, describe, expect, type Project, test } from '../harness/index.ts'
import { insertAuditRow } from './vocabulary/audit-log.ts'
import {
  createLeaves,
  dropLeaves,
  expectedLeafBounds,
  leafBounds,
  leafName,
  leafNames,
  monthStart,
} from './vocabulary/audit-partitions.ts'
import { chainHead, createSealedLog, REHASH_ROWS, tamper } from './vocabulary/audit-seals.ts'
import { urlForRole } from './vocabulary/migrations.ts'
import { insertUser } from './vocabulary/users.ts'

/** Runs the job as a scheduler does: as hma_migrator, with the password in a variable. */
function audit(project: Project, db: Database, ...parts: string[]) {
  const url = new URL(db.url)
  url.username = 'hma_migrator'
  url.password = ''
  const environment = { HMA_DATABASE_URL: url.href, HMA_DATABASE_PASSWORD: db.passwords.hma_migrator ?? '' }
  return project.run('scripts/audit.sh', parts, { environment })
}

describe('B1.2 The audit job', () => {
  test('B1.2.3 prepare creates the missing months, and names them', async ({ db, project }) => {
    await dropLeaves(db, ...(await leafNames(db, 0, 3)))

    const prepared = await audit(project, db, 'prepare', '--json')

    expect(prepared.exitCode).toBe(0)
    expect(JSON.parse(prepared.stdout)).toEqual({ made: await leafNames(db, 0, 3), monthsAhead: 3 })
    expect(await leafBounds(db)).toEqual(await expectedLeafBounds(db, 0, 3))
  })

  test('B1.2.6 remove-expired removes months that are older than those to keep', async ({ db, project }) => {
    await createLeaves(db, -25, -24)
    await insertAuditRow(db, monthStart(-25))

    const removed = await audit(project, db, 'remove-expired', '--json')

    expect(removed.exitCode).toBe(0)
    expect(JSON.parse(removed.stdout)).toMatchObject({ removed: [{ rows: 1 }] })
    expect(await db.value(`select to_regclass('audit.${await leafName(db, -25)}')`)).toBeNull()
    expect(await db.value(`select to_regclass('audit.${await leafName(db, -24)}')`)).not.toBeNull()
  })

  test('B1.2.6 remove-expired keeps as many months as --keep says', async ({ db, project }) => {
    await createLeaves(db, -13, -12)

    const removed = await audit(project, db, 'remove-expired', '--keep', '12', '--json')

    expect(JSON.parse(removed.stdout)).toMatchObject({ removed: [{ rows: 0 }] })
    expect(await db.value(`select to_regclass('audit.${await leafName(db, -12)}')`)).not.toBeNull()
  })

  test.for(['11', '0', '-1', 'all', ''])(
    'remove-expired refuses to keep «%s» months',
    async (months, { db, project }) => {
      await createLeaves(db, -13)

      const refused = await audit(project, db, 'remove-expired', `--keep=${months}`)

      expect(refused).toMatchObject({ exitCode: 2, stdout: '' })
      expect(await db.value(`select to_regclass('audit.${await leafName(db, -13)}')`)).not.toBeNull()
    },
  )

  test('B1.2.7 seal prints the new head of the log', async ({ db, project }) => {
    await createSealedLog(db)
    await insertUser(db)

    const sealed = await audit(project, db, 'seal', '--json')

    expect(sealed.exitCode).toBe(0)
    expect(JSON.parse(sealed.stdout)).toMatchObject({ head: await chainHead(db) })
    expect(await audit(project, db, 'head')).toMatchObject({ exitCode: 0, stdout: await chainHead(db) })
  })

  test('verify exits with 0 for an unaltered log', async ({ db, project }) => {
    const { heads } = await createSealedLog(db)

    const verified = await audit(project, db, 'verify', '--head', heads[1] ?? '', '--json')

    expect(verified.exitCode).toBe(0)
    expect(JSON.parse(verified.stdout)).toEqual({ count: 0, findings: [] })
  })

  test('B1.2.7 verify exits with 1 and names the window of an edited row', async ({ db, project }) => {
    const { ids } = await createSealedLog(db)
    await tamper(
      db,
      `update audit.audit_log set entity = 'auth.sessions' where id = ${ids[0]}; ${REHASH_ROWS}`,
    )

    const verified = await audit(project, db, 'verify', '--json')

    expect(verified.exitCode).toBe(1)
    expect(JSON.parse(verified.stdout)).toMatchObject({ count: 1, findings: [{ finding: 'window_altered' }] })
  })

  test('B1.2.7 verify reports a head that was deleted', async ({ db, project }) => {
    const { heads } = await createSealedLog(db)
    await tamper(db, 'delete from audit.audit_seal where number = (select max(number) from audit.audit_seal)')

    const verified = await audit(project, db, 'verify', '--head', heads[2] ?? '', '--json')

    expect(verified.exitCode).toBe(1)
    expect(JSON.parse(verified.stdout).findings).toContainEqual(
      expect.objectContaining({ finding: 'head_missing' }),
    )
  })

  test('B1.2.7 verify refuses an empty head as wrong use', async ({ db, project }) => {
    const refused = await audit(project, db, 'verify', '--head=')

    expect(refused).toMatchObject({ exitCode: 2, stdout: '' })
  })

  test.for(['abc', 'g'.repeat(64), `${'0'.repeat(64)}0`])(
    'verify refuses an invalid head: «%s»',
    async (head, { db, project }) => {
      const refused = await audit(project, db, 'verify', `--head=${head}`)

      expect(refused).toMatchObject({ exitCode: 2, stdout: '' })
    },
  )

  test('a seal that waits too long for a writer exits with 1 and names the writer', async ({
    db,
    project,
  }) => {
    const writer = await db.as('hma_app')
    await writer.query(`begin; select auth.register('ada@example.org', 'x', '1990-01-01')`)

    const refused = await audit(project, db, 'seal', '--json')

    expect(refused.exitCode).toBe(1)
    expect(JSON.parse(refused.stdout)).toMatchObject({
      error: { sqlstate: '55P03', holder: expect.stringMatching(/^hma_app /) },
    })
  })
})

describe('The command line of the audit job', () => {
  test.for([
    [],
    ['everything'],
    ['seal', 'twice'],
    ['seal', '--head=x'],
    ['head', '--keep=30'],
    ['verify', '--fast'],
  ])('wrong use exits with 2 and one line: %s', async (parts, { db, project }) => {
    const refused = await audit(project, db, ...parts)

    expect(refused).toMatchObject({ exitCode: 2, stdout: '' })
    expect(refused.stderr.split('\n')).toHaveLength(1)
  })

  test('without a server it exits with 3 and one line without the password', async ({ project }) => {
    const environment = {
      HMA_DATABASE_URL: 'postgres://ada@127.0.0.1:1/hma',
      HMA_DATABASE_PASSWORD: 'secret',
    }

    const refused = await project.run('scripts/audit.sh', ['head'], { environment })

    expect(refused).toMatchObject({ exitCode: 3, stdout: '' })
    expect(refused.stderr).not.toContain('secret')
  })

  test('before the first migration it exits with 1 and names the command to run first', async ({
    emptyDb,
    project,
  }) => {
    const refused = await project.run('scripts/audit.sh', ['seal', '--json'], {
      environment: { HMA_DATABASE_URL: urlForRole(emptyDb, 'hma_migrator') },
    })

    expect(refused.exitCode).toBe(1)
    expect(JSON.parse(refused.stdout)).toMatchObject({ error: { next: 'scripts/migrate.sh apply' } })
  })

  test('a login that may not become the owner exits with 1', async ({ db, project }) => {
    const url = new URL(db.url)
    url.username = 'hma_app'
    url.password = db.passwords.hma_app ?? ''

    const refused = await project.run('scripts/audit.sh', ['seal', '--json'], {
      environment: { HMA_DATABASE_URL: url.href },
    })

    expect(refused.exitCode).toBe(1)
    expect(JSON.parse(refused.stdout)).toMatchObject({ error: { sqlstate: '42501' } })
  })
})
