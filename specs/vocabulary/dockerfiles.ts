// The images that Dockerfiles name.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Project } from '../../harness/index.ts'

/** The base of a build: a locked image or its stand-in. */
const BASE = ['$', '{BASE}'].join('')

/** Images that own Dockerfiles use, other than BASE and their own stages. */
export function unlockedBases(project: Project): string[] {
  const files = globSync('docker/**/*Dockerfile', { cwd: project.root })
  return files.flatMap((file) => {
    const instructions = instructionsOf(readFileSync(join(project.root, file), 'utf8'))
    const stages = instructions.map(stageOf)
    return instructions.flatMap(imagesUsedBy).filter((image) => image !== BASE && !stages.includes(image))
  })
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
