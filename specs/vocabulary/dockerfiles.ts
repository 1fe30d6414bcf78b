// The images that Dockerfiles name.
import { globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Project } from '../../harness/index.ts'

/** The base of a build: a locked image or its stand-in. */
const BASE = ['$', '{BASE}'].join('')

/** Images that own Dockerfiles use, in any folder, other than BASE and their own stages. */
export function unlockedBases(project: Project): string[] {
  return textsOf(project, ['**/*{Dockerfile,dockerfile,Containerfile}*']).flatMap(([, text]) => {
    const instructions = instructionsOf(text)
    const stages = instructions.map(stageOf)
    const used = instructions.flatMap(imagesUsedBy)
    return [...frontendsOf(text), ...used.filter((image) => image !== BASE && !stages.includes(image))]
  })
}

/** The images that parse a Dockerfile, which its first lines may name. */
function frontendsOf(text: string): string[] {
  return [...text.matchAll(/^#\s*syntax\s*=\s*(\S+)/gim)].map(([, image = '']) => image)
}

/** References to images of a registry in scripts and programs, each as `file: reference`. */
export function imagesInPrograms(project: Project): string[] {
  const files = ['{config,docker,migrations,ml-stub,ops,scripts,seeds,stack}/**/*.{ts,sh}', '.ci/*']
  return textsOf(project, files).flatMap(([file, text]) =>
    [...text.matchAll(/\b(?:docker|quay|ghcr|gcr)\.io\/[\w./:@-]+/g)].map(([image]) => `${file}: ${image}`),
  )
}

function textsOf({ root }: Project, patterns: string[]): [file: string, text: string][] {
  const exclude = ['node_modules', '.venv', 'specs', '**/*.test.ts']
  const files = globSync(patterns, { cwd: root, exclude }).filter((file) =>
    statSync(join(root, file)).isFile(),
  )
  return files.map((file) => [file, readFileSync(join(root, file), 'utf8')])
}

/** The name that FROM gives its stage; empty without one. */
function stageOf([name, ...words]: string[]): string {
  const as = words.findIndex((word) => /^as$/i.test(word))
  return name === 'FROM' && as > 0 ? (words[as + 1] ?? '') : ''
}

/** Each instruction of a Dockerfile as its words, without comments and continued lines. */
function instructionsOf(text: string): string[][] {
  const joined = text.replaceAll(/^\s*#.*\n/gm, '').replaceAll(/\\[ \t]*\n/g, ' ')
  const lines = joined.split('\n').map((line) => line.trim().split(/\s+/))
  return lines.map(([name = '', ...words]) => [name.toUpperCase(), ...words])
}

/** The base of FROM, and what any flag `--from=` or `--mount=…,from=` of another instruction names. */
function imagesUsedBy([name = '', ...words]: string[]): string[] {
  if (name === 'FROM') return words.filter((word) => !word.startsWith('--')).slice(0, 1)
  const flags = words.filter((word) => word.startsWith('--'))
  return flags.flatMap((flag) =>
    [...flag.matchAll(/(?:^--|[=,])from=([^,]+)/g)].map(([, image = '']) => image),
  )
}
