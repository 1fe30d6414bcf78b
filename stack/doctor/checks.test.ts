import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { CHECKS } from './checks.ts'
import type { Check } from './finding.ts'

const names = CHECKS.map(({ name }) => name).sort()

test('every check of the folder is in the list', async () => {
  const files = globSync('stack/doctor/*.ts').filter((file) => !/(?:\.test|\/main)\.ts$/.test(file))
  const modules = await Promise.all(
    files.map((file) => import(resolve(file)) as Promise<Record<string, unknown>>),
  )

  const found = modules.flatMap(Object.values).filter(isCheck)

  expect([...new Set(found.map(({ name }) => name))].sort()).toEqual(names)
})

test('the manual describes every check, and no other', () => {
  const [, table = ''] = readFileSync('docs/local-stack.md', 'utf8').split('\n| Checks |')
  const rows = table.split('\n\n')[0]?.split('\n').slice(2) ?? []
  const described = rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name),
  )

  expect(described.sort()).toEqual(names)
})

function isCheck(value: unknown): value is Check {
  return typeof value === 'object' && value !== null && 'name' in value && 'run' in value
}
