// What the documents type of npm and of Vitest, compared with package.json, with what each says about itself, and with the files.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Project } from '../../harness/index.ts'
import { fencesOf } from './fences.ts'
import { criteriaOf } from './to-do.ts'

const NPM = /\bnpm (?:run ([\w:-]+)|(test)\b)([^;&|()<>\n]*)/g
const VITEST = /\bnpx vitest\b([^;&|()<>\n]*)/g
const OPTION = /(?<=\s|^)--?[a-z][\w-]*/g
const CRITERIA = /(?<=\s)[A-H]\d(?:\.\d+){0,2}(?=\s|$)/g
/** Code within a paragraph, between as many marks before as behind it. */
const SPAN = /(?<!`)(`+)(?!`)((?:(?!\n\s*\n)[\s\S])*?[^`])\1(?!`)/g
const BLOCK = /^\s*(`{3,}|~{3,})[\s\S]*?^\s*\1\s*$/gm
const TESTS = { patterns: ['specs/**/*.spec.ts', '*/**/*.test.ts'], exclude: ['node_modules', '.venv'] }

/** Every use of both, in the blocks and in the prose of a document. */
export function usesOfNpm(project: Project, file: string): string[] {
  const blocks = fencesOf(project, file).map(({ text }) => text.replaceAll(/\\\n/g, ' '))
  const prose = readFileSync(join(project.root, file), 'utf8').replaceAll(BLOCK, '')
  const spans = [...prose.matchAll(SPAN)].map(([, , text = '']) => text.replaceAll(/\s+/g, ' '))
  const lines = [...blocks.flatMap((text) => text.split('\n')), ...spans]
  return lines.filter((line) => /\b(?:npm (?:run|test)|npx vitest)\b/.test(line))
}

/** What these documents type and nothing knows: `file: command what`. */
export async function unknownToNpm(project: Project, files: string[]): Promise<string[]> {
  const uses = files.flatMap((file) => usesOfNpm(project, file).map((line) => ({ file, line })))
  const found = await Promise.all(
    uses.map(async ({ file, line }) => {
      const unknown = [...(await unknownToScripts(project, line)), ...(await unknownToVitest(project, line))]
      return unknown.map((what) => `${file}: ${what}`)
    }),
  )
  return found.flat()
}

/** Scripts that package.json does not have, options that a script does not know or never gets, criteria that do not exist. */
async function unknownToScripts(project: Project, line: string): Promise<string[]> {
  const [code = '', ...comment] = line.split(/\s#\s/)
  const calls = [...code.matchAll(NPM)]
  const unknown = calls.map(async ([, name = 'test', , behind = '']) => {
    if (!(name in scriptsOf(project))) return [`npm run ${name}`]
    const [before = '', after = ''] = behind.split(/(?<=\s)--(?=\s|$)/)
    const said = [...optionsIn(after), ...(calls.length === 1 ? optionsIn(comment.join(' ')) : [])]
    const known = said.length === 0 ? '' : await helpOf(project, name)
    return [
      ...optionsIn(before).map((option) => `npm run ${name} ${option}, which npm takes for its own`),
      ...said.filter((option) => !wordsOf(known).has(option)).map((option) => `npm run ${name} ${option}`),
      ...unknownCriteria(project, behind).map((criterion) => `npm run ${name} ${criterion}`),
    ]
  })
  return (await Promise.all(unknown)).flat()
}

/** Options, projects and files that Vitest does not know. */
async function unknownToVitest(project: Project, line: string): Promise<string[]> {
  const [code = ''] = line.split(/\s#\s/)
  const calls = [...code.matchAll(VITEST)].map(([, behind = '']) => behind.trim().replace(/^run(?=\s|$)/, ''))
  const unknown = calls.map(async (behind) => {
    const [, chosen] = /--project (\S+)/.exec(behind) ?? []
    const options = optionsIn(behind)
    const known = options.length === 0 ? '' : (await project.run(VITEST_FILE, ['run', '--help'])).stdout
    const filters = behind.replace(/--project \S+/, '').split(/\s+/)
    return [
      ...(chosen === undefined || projectsOf(project).includes(chosen)
        ? []
        : [`npx vitest --project ${chosen}`]),
      ...options.filter((option) => !wordsOf(known).has(option)).map((option) => `npx vitest ${option}`),
      ...filters.filter((filter) => !fits(project, filter)).map((filter) => `npx vitest ${filter}`),
    ]
  })
  return (await Promise.all(unknown)).flat()
}

const VITEST_FILE = 'node_modules/.bin/vitest'

/** Whether a file with tests has this in its path, or, where the shell replaces a star, is one of these. */
function fits({ root }: Project, filter: string): boolean {
  if (filter === '' || filter.startsWith('-')) return true
  if (filter.includes('*')) return globSync(filter, { cwd: root }).length > 0
  return globSync(TESTS.patterns, { cwd: root, exclude: TESTS.exclude }).some((file) => file.includes(filter))
}

function scriptsOf({ root }: Project): Record<string, string> {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts
}

/** What the program behind a script of package.json says about itself; nothing where it says nothing. */
async function helpOf(project: Project, name: string): Promise<string> {
  const words = (scriptsOf(project)[name] ?? '').split(' ').filter((word) => word !== 'bash')
  const [program = '', ...args] = words
  const script = program.startsWith('scripts/') ? program : `node_modules/.bin/${program}`
  const { exitCode, stdout } = await project.run(script, [...args, '--help'])
  return exitCode === 0 ? stdout : ''
}

function wordsOf(help: string): Set<string> {
  return new Set(['--help', ...(help.match(/(?<![\w-])--?[a-z][\w-]*/g) ?? [])])
}

/** Criteria, tasks and epics. */
function unknownCriteria(project: Project, text: string): string[] {
  const known = criteriaOf(project)
  const named = text.match(CRITERIA) ?? []
  return named.filter((name) => !known.some((id) => id === name || id.startsWith(`${name}.`)))
}

/** The names of the projects of Vitest. */
function projectsOf({ root }: Project): string[] {
  const text = readFileSync(join(root, 'vitest.config.ts'), 'utf8')
  return [...text.matchAll(/\bname: '([^']+)'/g)].map(([, name = '']) => name)
}

function optionsIn(text: string): string[] {
  return text.match(OPTION) ?? []
}
