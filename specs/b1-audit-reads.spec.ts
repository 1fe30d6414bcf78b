import { describe, expect, test } from '../harness/index.ts'
import { insertAuditRows, rowsReadBy, sealWindows } from './vocabulary/audit-reads.ts'
import { verifyLog } from './vocabulary/audit-seals.ts'

const [WINDOWS, OF_A_WINDOW] = [20, 500]
const ALL = WINDOWS * OF_A_WINDOW

describe('B1.2 What the audit log costs', () => {
  test('B1.2.7 a seal reads the new rows alone, and a verification each row twice, however many seals there are', async ({
    db,
  }) => {
    await sealWindows(db, WINDOWS, OF_A_WINDOW)
    await insertAuditRows(db, 10)

    const bySeal = await rowsReadBy(db, 'select audit.seal()')
    const byVerification = await rowsReadBy(db, 'select audit.verify()')

    expect(await verifyLog(db)).toEqual([])
    expect(bySeal).toBeGreaterThanOrEqual(10)
    expect(bySeal).toBeLessThan(OF_A_WINDOW)
    expect(byVerification).toBeGreaterThanOrEqual(ALL)
    expect(byVerification).toBeLessThan(3 * ALL)
  })
})
