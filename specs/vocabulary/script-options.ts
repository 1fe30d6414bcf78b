// What the documents type behind a script of the project, compared with the --help of that script: no stack is needed.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Project } from '../../harness/index.ts'
import { fencesOf } from './fences.ts'

interface Use {
  script: string
  /** A word that stands for a command, and options. */
  words: string[]
}

/** A script, and what is typed behind it up to the end of the command. */
const SCRIPT = /(?<![\w/])(?:\.\/)?(scripts\/[\w.-]*\w)([^;&|()<>\n]*)/g
/** Code within a line of prose that begins with a script. */
const SPAN = /`((?:\.\/)?scripts\/[^`\n]+)`/g
const OPTION = /(?<=\s|^|[[(])--?[a-z][\w-]*/g
/** These hand on what is typed behind them. */
const WRAPPERS = ['scripts/compose.sh', 'scripts/newest-engine.sh']

/** Words that these documents type behind a script and that its --help does not name: `file: script word`. */
export async function unknownWords(project: Project, files: string[]): Promise<string[]> {
  const uses = files.flatMap((file) => scriptUses(project, file).map((use) => ({ file, ...use })))
  const scripts = [...new Set(uses.map(({ script }) => script))]
  const helps = new Map(
    await Promise.all(scripts.map(async (script) => [script, await helpOf(project, script)] as const)),
  )
  return uses.flatMap(({ file, script, words }) =>
    words
      .filter((word) => word !== '--help' && !helps.get(script)?.has(word))
      .map((word) => `${file}: ${script} ${word}`),
  )
}

/** Every use of a script in a document with a word behind it: in its blocks of commands, and within its lines. */
export function scriptUses(project: Project, file: string): Use[] {
  const blocks = fencesOf(project, file).map(({ text }) => text.replaceAll(/\\\n/g, ' '))
  const spans = [...readFileSync(join(project.root, file), 'utf8').matchAll(SPAN)].map(
    ([, code = '']) => code,
  )
  const lines = [...blocks.flatMap((text) => text.split('\n')), ...spans]
  return lines.flatMap(usesIn).filter(({ script, words }) => words.length > 0 && !WRAPPERS.includes(script))
}

/** The comment of a line speaks of its only script. */
function usesIn(line: string): Use[] {
  const [code = '', ...comment] = line.split(/\s#\s/)
  const uses = [...code.matchAll(SCRIPT)].map(([, script = '', behind = '']) => ({
    script,
    words: [...(/^\s+([a-z][a-z-]*)(?=\s|$)/.exec(behind)?.slice(1) ?? []), ...optionsIn(behind)],
  }))
  const [first, second] = uses
  const said = comment.join(' ')
  if (!first || second || said.includes('scripts/')) return uses
  return [{ script: first.script, words: [...first.words, ...optionsIn(said)] }]
}

function optionsIn(text: string): string[] {
  return text.match(OPTION) ?? []
}

/** The words of what the script says about itself. */
async function helpOf(project: Project, script: string): Promise<Set<string>> {
  const { stdout } = await project.run(script, ['--help'])
  return new Set(stdout.match(/(?<![\w-])(?:--?)?[a-z][\w-]*/g) ?? [])
}
