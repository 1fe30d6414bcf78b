import { describe, expect, test } from '../harness/index.ts'
import {
  chainHead,
  columnsOf,
  countUnsealedRows,
  createSealedLog,
  REHASH_ROWS,
  sealLog,
  tamper,
  verifyLog,
} from './vocabulary/audit-seals.ts'

const FIRST_SEAL = 'number = (select min(number) from audit.audit_seal)'

/** Of the first seal: column, value, and what is found. */
const EDITS = [
  ['number', 'number - 1000', ['chain_broken']],
  ['after_id', 'after_id - 5', ['chain_broken']],
  ['up_to_id', 'up_to_id + 1000', ['chain_broken', 'window_altered']],
  ['row_count', 'row_count + 1', ['chain_broken', 'window_altered']],
  ['root', `sha256('')`, ['chain_broken', 'window_altered']],
  ['chain', `sha256('')`, ['chain_broken']],
  ['sealed_at', `sealed_at - interval '1 day'`, ['chain_broken']],
  ['month', `month - 40`, ['chain_broken', 'row_inserted', 'window_altered']],
] as const

describe('B1.2 Seals of the audit log', () => {
  test('B1.2.7 every row has exactly one seal', async ({ db }) => {
    await createSealedLog(db)

    expect(await countUnsealedRows(db)).toBe('0')
  })

  test('B1.2.7 without new rows, no seal is added', async ({ db }) => {
    const { heads } = await createSealedLog(db)

    const added = await db.query('select * from audit.seal()')

    expect(added).toEqual([])
    expect(await chainHead(db)).toBe(heads[2])
  })

  test('B1.2.7 the deletion of the last rows and their seal is found with an exported head', async ({
    db,
  }) => {
    const { heads, ids } = await createSealedLog(db)

    await tamper(
      db,
      `delete from audit.audit_log where id >= ${ids[4]};
      delete from audit.audit_seal where number = (select max(number) from audit.audit_seal)`,
    )

    expect(await verifyLog(db, heads[2])).toEqual(['head_missing'])
    expect(await verifyLog(db, heads[1])).toEqual([])
  })

  test('B1.2.7 a log that is rewritten as a whole is found with an exported head', async ({ db }) => {
    const { heads } = await createSealedLog(db)

    await tamper(
      db,
      `delete from audit.audit_seal; update audit.audit_log set entity = 'auth.sessions'; ${REHASH_ROWS}`,
    )
    await sealLog(db)

    expect(await verifyLog(db)).toEqual([])
    expect(await verifyLog(db, heads[2])).toEqual(['head_missing'])
  })

  test.for(EDITS)('B1.2.7 an edited %s of a seal is found', async ([column, value, findings], { db }) => {
    await createSealedLog(db)

    await tamper(db, `update audit.audit_seal set ${column} = ${value} where ${FIRST_SEAL}`)

    expect(await verifyLog(db)).toEqual(findings)
  })

  test('B1.2.7 each column of a seal is edited', async ({ db }) => {
    const columns = await columnsOf(db, 'audit.audit_seal')

    expect(columns.map(({ name }) => name).sort()).toEqual(EDITS.map(([column]) => column).sort())
  })

  test('B1.2.7 a deleted seal is found', async ({ db }) => {
    await createSealedLog(db)

    await tamper(db, `delete from audit.audit_seal where ${FIRST_SEAL}`)

    expect(await verifyLog(db)).toContain('chain_broken')
  })
})
