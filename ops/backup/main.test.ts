import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const PROGRAM = join(import.meta.dirname, 'main.ts')

test.for([
  [[], 'No command was given.'],
  [['--load'], "The first word is '--load', and that is no command."],
  [['--json', 'backup'], "The first word is '--json', and that is no command."],
  [['fly'], "Unknown command 'fly'."],
  [['toString'], "Unknown command 'toString'."],
] as const)('started with %j it names what is no command, and a manual that exists', ([words, what]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...words], { encoding: 'utf8' })

  expect(status).toBe(2)
  expect(`${stdout}${stderr}`).toContain(what)
  expect(`${stdout}${stderr}`).toContain('scripts/backup.sh --help')
})

test('a command that is used wrongly is named with its own manual', () => {
  const { status, stderr } = spawnSync(process.execPath, [PROGRAM, 'restore'], { encoding: 'utf8' })

  expect(status).toBe(2)
  expect(stderr).toBe('restore: --database is missing. Next: scripts/restore.sh --help\n')
})
