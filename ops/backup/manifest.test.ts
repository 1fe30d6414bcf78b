import { expect, test } from 'vitest'
import { tableFindings } from './compare.ts'
import { idOf, type Manifest, momentOf, parseManifest, textOf } from './manifest.ts'

test.for(['2026-11-26T18:22:59.123Z', '2024-02-29T00:00:00.000Z'])(
  '%s has an id that leads back to it',
  (text) => {
    expect(momentOf(idOf(new Date(text)))?.toISOString()).toBe(text)
  },
)

test.for(['20260230T000000000Z', '20261126T182259123', '.partial', 'lost+found', '20261126T182259123Z.old'])(
  '%s is the id of no backup',
  (id) => {
    expect(momentOf(id)).toBeUndefined()
  },
)

test('ids sort as their moments do', () => {
  const [one, other] = [new Date('2026-01-31T23:59:59.999Z'), new Date('2026-02-01T00:00:00.000Z')]

  expect(idOf(one) < idOf(other)).toBe(true)
})

const MANIFEST: Manifest = {
  ...{ format: 2, id: '20261126T182259123Z', database: 'hma', environment: null, objects: null, access: [] },
  ...{ takenAt: '2026-11-26T18:22:59.123Z', lsn: '0/1', serverVersion: '17.11', clientVersion: '17.11' },
  ...{ migrations: ['0001'], dump: { bytes: 1, sha256: '0'.repeat(64) } },
  creation: { encoding: 'UTF8', collate: 'C.UTF-8', ctype: 'C.UTF-8', provider: 'libc', locale: null },
  contents: { tables: {}, sequences: {}, catalog: [], extensions: ['é'] },
}

test('a manifest is read as it was written, and not with any other bit or length', () => {
  const stored = Buffer.from(textOf(MANIFEST))
  const flipped = (bit: number) =>
    stored.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))
  const isRead = (bytes: Uint8Array) => parseManifest(Buffer.from(bytes).toString()) !== undefined
  const places = [...stored.keys()]

  expect(parseManifest(stored.toString())).toEqual(MANIFEST)
  expect(places.filter((at) => isRead(stored.subarray(0, at)))).toEqual([])
  expect(
    Array.from({ length: 8 * stored.length }, (_, bit) => bit).filter((bit) => isRead(flipped(bit))),
  ).toEqual([])
})

test('each way in which the rows of a table can differ is a finding', () => {
  const table = (rows: number, hash: string) => ({ rows, hash })
  const before = { same: table(1, '5'), fewer: table(2, '7'), other: table(1, '1'), lost: table(0, '0') }
  const after = { same: table(1, '5'), fewer: table(1, '7'), other: table(1, '2'), added: table(0, '0') }

  expect(tableFindings(before, after)).toEqual([
    'table fewer has 1 rows instead of 2',
    'table other has other rows than at the backup',
    'table lost is missing',
    'table added was not in the backup',
  ])
})
