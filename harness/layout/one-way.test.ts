// What the project does in one way only, with the files that are the way and those that have a reason for another. A list may become
// shorter; a file that joins it needs a decision (docs/decisions.md).
import { readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '../../config/root.ts'
import { filesOf } from './imports.ts'

const files = filesOf(ROOT, '*.ts').filter((file) => !/\.(?:test|faults)\.ts$/.test(file))
const texts = new Map(files.map((file) => [file, withoutComments(readFileSync(join(ROOT, file), 'utf8'))]))
const own = files.filter((file) => !file.startsWith('specs/'))

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '')
}

const containing = (pattern: RegExp, among = files) =>
  among.filter((file) => pattern.test(texts.get(file) ?? ''))

/** Relative paths of a file that lead from its own folder to the root of the project, or through it. */
function waysToTheRoot(file: string, text: string): string[] {
  const paths = text.matchAll(/import\.meta\.dirname,\s*'(\.\.[^']*)'|new URL\(\s*'(\.\.[^']*)'/g)
  return [...paths]
    .map(([, joined, url]) => joined ?? url ?? '')
    .filter((path) => normalize(join(dirname(file), `${/^(?:\.\.\/?)+/.exec(path)?.[0]}`)).startsWith('.'))
}

test('a sentence and the next act are joined in one place, except in images without config/ (decision 150)', () => {
  expect(containing(/ Next: /, own)).toEqual([
    'config/cli-error.ts',
    'docker/redis-commander/start.ts',
    'ml-stub/main.ts',
    'ml-stub/settings.ts',
  ])
})

test('an error for people has one class and is printed in one place; the other classes are answers of the ML stub', () => {
  expect(containing(/\bclass \w+ extends \w*Error\b/)).toEqual([
    'config/cli-error.ts',
    'ml-stub/database.ts',
    'ml-stub/problems.ts',
  ])
  expect(containing(/\.linesFor\(/)).toEqual(['config/program.ts'])
})

test('Postgres is connected to in one way by the product, one by the ML stub, and one by harness and specs', () => {
  const found = containing(/\bnew (?:pg\.)?(?:Client|Pool)\(/).filter((file) => !file.startsWith('bench/'))

  expect(found).toEqual([
    'config/postgres.ts',
    'harness/containers/postgres-client.ts',
    'ml-stub/database.ts',
    // A pool is what it is about.
    'specs/vocabulary/row-security.ts',
    // The text of a program that runs in a copy of the project.
    'specs/vocabulary/runs.ts',
  ])
})

test('command lines are read by one parser, and by that of Node before packages are installed (decision 151)', () => {
  expect(containing(/\bparseArgs\b|from 'commander'/)).toEqual([
    'config/command-line.ts',
    'stack/doctor/main.ts',
  ])
})

test('programs are started by execa, or for a reason by Node (decisions 83 and 152)', () => {
  expect(containing(/^import (?!type)[^\n]* from 'node:child_process'/m)).toEqual([
    'config/compose-containers.ts',
    'config/git.ts',
    'harness/broker/reaper-process.ts',
    'harness/project.ts',
    'ops/archive/pgbackrest.ts',
    'ops/backup/lock.ts',
    'ops/backup/postgres-tools.ts',
    'ops/backup/private-server.ts',
    'ops/schedule/run-to-end.ts',
    // One process list, and the text of a program of a copy.
    'specs/vocabulary/gate.ts',
    'specs/vocabulary/schedule.ts',
    'stack/backup/main.ts',
    'stack/doctor/run-bounded.ts',
    'stack/gate/run-step.ts',
  ])
})

test('the root is found by config/root.ts, and by the ML stub, whose image has no config/', () => {
  expect(files.filter((file) => waysToTheRoot(file, texts.get(file) ?? '').length > 0)).toEqual([
    'config/root.ts',
    'ml-stub/main.ts',
  ])
})

test('a path that leads to the root or through it is found, and one that stays in its folder is not', () => {
  const paths = (path: string) => waysToTheRoot('a/b/c.ts', `join(import.meta.dirname, '${path}')`)

  expect(['../..', '../../d', '../d', '..'].map((path) => paths(path).length)).toEqual([1, 1, 0, 0])
  expect(waysToTheRoot('a/c.ts', "new URL('../package.json', import.meta.url)")).toHaveLength(1)
})
