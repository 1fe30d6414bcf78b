// Documents that can be compared with what they describe, without a container.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '../../config/root.ts'
import { filesOf } from './imports.ts'

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')
const unique = <T>(values: T[]) => [...new Set(values)]

test('each decision has a number of its own, and the numbers of a section ascend', () => {
  const sections = read('docs/decisions.md').split(/^## /m)
  const numbers = sections.map((text) =>
    [...text.matchAll(/^\| (\d+) \|/gm)].map(([, number]) => Number(number)),
  )

  expect(numbers).toEqual(numbers.map((own) => own.toSorted((a, b) => a - b)))
  expect(unique(numbers.flat())).toHaveLength(numbers.flat().length)
  expect(numbers.flat().length).toBeGreaterThan(100)
})

test('the table of folders names every folder of the first level with code, and every folder in it', () => {
  const rows = new Map(
    [...read('docs/architecture.md').matchAll(/^\| `([\w.-]+)\/` \| (.*) \|$/gm)].map(
      ([, name = '', text = '']) => [name, text],
    ),
  )
  const folders = unique(
    filesOf(ROOT, '*.ts', '*.sql', '*.sh', 'docker').map((file) =>
      file.split('/').slice(0, -1).slice(0, 2).join('/'),
    ),
  ).filter((folder) => folder !== '')
  const missing = folders.filter((folder) => {
    const [first = '', second] = folder.split('/')
    return !rows.has(first) || (second !== undefined && !rows.get(first)?.includes(`\`${second}/\``))
  })

  expect(missing).toEqual([])
})

/** The lines behind `Exit codes:` of what a script says about itself, as one. */
function exitCodesOf(script: string): string {
  const help = execFileSync(join(ROOT, 'scripts', script), ['--help'], { encoding: 'utf8' })
  const [, text = ''] = /^Exit codes: (.*(?:\n {2}.*)*)/m.exec(help) ?? []
  return text.replaceAll(/\s+/g, ' ')
}

/** `0 done · 130 and 143 interrupted · verify: 0 clean, else 32 + 1 pending` has 0, 130, 143 and 32. */
function codesIn(text: string): number[] {
  const found = text.matchAll(/(?:^|· )(\d+)\b(?: and (\d+)\b)?|, else (\d+) \+/g)
  return [...found].flatMap((match) => match.slice(1).filter((code) => code !== undefined)).map(Number)
}

interface Row {
  codes: number[]
  isGeneral: boolean
  /** Scripts that the row names. */
  scripts: string[]
}

/** The table of exit codes of the README. `32 to 63` is what begins with 32. */
function rowsOfReadme(): Row[] {
  const [, section = ''] = read('README.md').split('## Exit codes')
  return [...section.matchAll(/^\| (\d[\d, to]*) \| ([^|]*)\| ([^|]*)\|$/gm)].map(
    ([, codes = '', every = '', differs = '']) => ({
      codes: codes.split(' to ')[0]?.split(', ').map(Number) ?? [],
      isGeneral: every.trim() !== '',
      scripts: [...differs.matchAll(/`(\w[\w-]*\.sh|doctor)\b/g)].map(([, name = '']) => name),
    }),
  )
}

const scripts = filesOf(ROOT, 'scripts/*')
  .map((file) => file.replace('scripts/', ''))
  .filter((name) => /^[\w-]+\.sh$|^doctor$/.test(name) && name !== 'lib.sh')
const codesOf = new Map(scripts.map((name) => [name, codesIn(exitCodesOf(name))]))
const rows = rowsOfReadme()

test('exit codes are read from the help of a script and from the table', () => {
  expect(
    codesIn("0 done · 130 and 143 interrupted · the command's own · verify: 0 clean, else 32 + 1 pending"),
  ).toEqual([0, 130, 143, 32])
  expect([...codesOf].filter(([, codes]) => codes.length === 0)).toEqual([])
  expect(rows.length).toBeGreaterThan(7)
})

test('the README has every exit code that a script names, and no other', () => {
  const named = unique([...codesOf.values()].flat()).sort((a, b) => a - b)

  expect(rows.flatMap(({ codes }) => codes)).toEqual(named)
})

test('a code without a meaning of its own for every script stands beside the scripts that have it', () => {
  const special = rows.filter(({ isGeneral }) => !isGeneral)

  expect(special.map(({ codes: [code = -1], scripts: named }) => [code, named.toSorted()])).toEqual(
    special.map(({ codes: [code = -1] }) => [
      code,
      scripts.filter((name) => codesOf.get(name)?.includes(code)).sort(),
    ]),
  )
})

test('a script whose codes mean something else is named beside each of them, but for success and a limit of time', () => {
  const differing = unique(rows.filter(({ isGeneral }) => isGeneral).flatMap((row) => row.scripts))
  const missing = differing.flatMap((name) =>
    (codesOf.get(name) ?? [])
      .filter((code) => code !== 0 && code !== 124)
      .filter((code) => !rows.some((row) => row.codes.includes(code) && row.scripts.includes(name)))
      .map((code) => `${name} ${code}`),
  )

  expect(differing.length).toBeGreaterThan(0)
  expect(missing).toEqual([])
})
