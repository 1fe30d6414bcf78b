import { expect, test } from 'vitest'
import { readOptions } from './options.ts'

const read = (line: string) => readOptions(line.split(' ').filter(Boolean))

test('apply takes all its options', () => {
  const line = 'apply --to 0003 --with rls --with geo --dry-run --lock-wait 2.5 --allow-out-of-order --json'

  expect(read(`${line} --migrations sql`)).toEqual({
    command: 'apply',
    json: true,
    migrations: 'sql',
    to: '0003',
    with: ['rls', 'geo'],
    dryRun: true,
    lockWait: 2.5,
    allowOutOfOrder: true,
    acceptDrift: false,
  })
})

test('by default the lock is waited for one minute', () => {
  expect(read('apply')).toMatchObject({ lockWait: 60, dryRun: false, with: [] })
})

test.for([
  'status --dry-run',
  'down --with rls',
  'verify --to 0001',
  'new photos --lock-wait 1',
  'apply --lock-wait 86401',
  'down --to 0001 --without rls',
])('%j is misuse', (line) => {
  expect(() => read(line)).toThrow(expect.objectContaining({ exitCode: 2 }))
})
