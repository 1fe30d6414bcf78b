import { expect, test } from 'vitest'
import { linesOf, readRecords } from './server-log.ts'

const at = '2026-11-24 20:49:49.429 UTC'
const log = [
  `${at} [1] LOG:  starting`,
  `${at} [7] [lease_1] ERROR:  new row violates check constraint`,
  `${at} [7] [lease_1] STATEMENT:  insert into people`,
  `\tvalues (1)`,
  `${at} [8] [lease_2] ERROR:  another`,
  `\tcontinued`,
  `${at} [9] LOG:  checkpoint`,
  `${at} [7] [lease_1] LOG:  last`,
  '',
].join('\n')

test('a database has its own records, with the lines that continue them', () => {
  expect(linesOf(log, 'lease_1')).toEqual([
    `${at} [7] [lease_1] ERROR:  new row violates check constraint`,
    `${at} [7] [lease_1] STATEMENT:  insert into people`,
    '\tvalues (1)',
    `${at} [7] [lease_1] LOG:  last`,
  ])
})

test('a database whose name begins with another name has records of its own', () => {
  expect(linesOf(`${at} [1] [lease_11] LOG:  x`, 'lease_1')).toEqual([])
})

test('reading waits for records that are still on their way, and leaves its own marks out', async () => {
  let written = `${at} [7] [lease_1] ERROR:  first\n`
  let reads = 0
  const mark = async (text: string) => {
    written += `${at} [7] [lease_1] LOG:  ${text}\n`
  }
  const read = async () => (++reads % 3 === 0 ? written : '')

  const first = await readRecords({ database: 'lease_1', mark, read })
  written += `${at} [7] [lease_1] ERROR:  second\n`
  const second = await readRecords({ database: 'lease_1', mark, read })

  expect(first).toBe(`${at} [7] [lease_1] ERROR:  first`)
  expect(second).toBe(`${at} [7] [lease_1] ERROR:  first\n${at} [7] [lease_1] ERROR:  second`)
})
