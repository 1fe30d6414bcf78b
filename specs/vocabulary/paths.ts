// The paths that the documents name as code.
import { globSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Project } from '../../harness/index.ts'
import { documents } from './fences.ts'

interface Named {
  file: string
  path: string
}

/** The exercise of a runbook makes them, and removes them again. */
const MADE = /^migrations\/\*_drill\.(?:up|down)\.sql$/

/** Paths in code that begin with a folder of the project and lead to nothing in it: `file: path`. `*` stands for any name. */
export function missingPathsInCode(project: Project): string[] {
  return pathsInCode(project)
    .filter(({ path }) => !MADE.test(path) && globSync(path, { cwd: project.root }).length === 0)
    .map(({ file, path }) => `${file}: ${path}`)
}

/** Every one of them, in a line or in a block. */
export function pathsInCode(project: Project): Named[] {
  const path = new RegExp(
    String.raw`(?<![\w./…-])(?:\./)?((?:${foldersOf(project).join('|')})/[\w.*/-]*[\w*/])`,
    'g',
  )
  return documents(project).flatMap((file) =>
    codeIn(readFileSync(join(project.root, file), 'utf8'))
      .flatMap((code) => [...code.matchAll(path)])
      .map(([, found = '']) => ({ file, path: found })),
  )
}

/** Those that are in a clone; a dot is one of a name. */
function foldersOf({ root }: Project): string[] {
  const ignored = readFileSync(join(root, '.gitignore'), 'utf8').split('\n')
  const names = readdirSync(root).filter((name) =>
    statSync(join(root, name), { throwIfNoEntry: false })?.isDirectory(),
  )
  return names
    .filter((name) => name !== '.git' && !ignored.includes(`${name}/`))
    .map((name) => name.replaceAll('.', String.raw`\.`))
}

/** Between as many marks before as behind it. */
const SPAN = /(?<!`)(`+)(?!`)((?:(?!\n\s*\n)[\s\S])*?[^`])\1(?!`)/g

/** Blocks, and spans within a paragraph. */
function codeIn(text: string): string[] {
  const blocks = [...text.matchAll(/^\s*(```|~~~).*\n([\s\S]*?)^\s*\1/gm)].map(([, , code = '']) => code)
  const prose = text.replaceAll(/^\s*(```|~~~)[\s\S]*?^\s*\1/gm, '')
  return [...blocks, ...[...prose.matchAll(SPAN)].map(([, , code = '']) => code)]
}
