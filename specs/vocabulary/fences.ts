// The blocks of commands of the documentation. The words behind `sh` say how one is run:
//   sh run within=60          in this order with the others of its file; it must end with 0 within 60 seconds
//   sh run within=60 exit=1   with this exit code
//   sh run within=60 restores  the block that a drill measures
//   sh not run: REASON        why it is not, with the number of the criterion that stands for it
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Project } from '../../harness/index.ts'
import { type TypedOptions, typed } from './typed.ts'

export interface Fence {
  /** File and line. */
  where: string
  /** Its heading. */
  section: string
  info: string
  text: string
}

export interface FenceRun {
  where: string
  section: string
  seconds: number
  /** Whether it is the block of a drill that restores. */
  restores: boolean
  output: string
  /** Empty when it ended as its information says. */
  problem: string
}

/** Whatever stands before it: blanks, the sign of a quotation, the number of a list. */
const FENCE = /^[\s>*+\d.-]*(`{3,}|~{3,})\s*([^\s`]*)\s*([^`]*?)\s*$/
/** A language without commands, unless a line of the block begins with one. */
const OTHER_LANGUAGES = ['text', 'sql', 'ts', 'yaml', 'json']
const COMMAND =
  /^[\s>]*(?:\$ )?(?:(?:\.\/)?(?:scripts|\.ci)\/[\w-]|(?:npm|npx|node|docker|git|gh|psql|curl|sudo|bash|cd|export)(?:\s|$))/m
const INDENTED = /^(?: {4}|\t)/

/** Every file of documentation. */
export function documents({ root }: Project): string[] {
  return globSync(['*.md', 'docs/**/*.md', 'ml-stub/*.md', '.github/**/*.md'], { cwd: root }).sort()
}

/** The blocks of commands of a file: in fences of any form, and those that are only indented, which cannot say how they are run. */
export function fencesOf({ root }: Project, file: string): Fence[] {
  const lines = readFileSync(join(root, file), 'utf8').split('\n')
  const blocks = [...blocksIn(lines)].filter(
    ({ language, text }) => !OTHER_LANGUAGES.includes(language) || COMMAND.test(text),
  )
  return blocks.map(({ at, info, text }) => ({
    ...{ where: `${file}:${at + 1}`, section: headingAbove(lines, at), info, text },
  }))
}

interface Block {
  at: number
  language: string
  info: string
  text: string
}

/** Fences of any form, and each line that is only indented. */
function* blocksIn(lines: string[]): Generator<Block> {
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? ''
    const [, marks, language = '', info = ''] = FENCE.exec(line) ?? []
    if (marks !== undefined) {
      const end = endOf(lines, at, marks)
      yield { at, language, info, text: lines.slice(at + 1, end).join('\n') }
      at = end
    } else if (INDENTED.test(line)) yield { at, language: 'text', info: '', text: line }
  }
}

/** The line that closes a fence, or the end of the file. */
function endOf(lines: string[], open: number, marks: string): number {
  const closing = new RegExp(`^[\\s>]*${marks[0]}{${marks.length},}\\s*$`)
  const end = lines.findIndex((line, at) => at > open && closing.test(line))
  return end === -1 ? lines.length : end
}

function headingAbove(lines: string[], at: number): string {
  const heading = lines.slice(0, at).findLast((line) => /^#+ /.test(line)) ?? ''
  return heading.replace(/^#+ /, '')
}

/** Blocks that say that they are run, of a file or of one of its sections. */
export function runFences(project: Project, file: string, section?: string): Fence[] {
  return fencesOf(project, file).filter(
    ({ info, section: own }) => RUN.test(info) && (section === undefined || own === section),
  )
}

/** The headings of a file with at least one block that is run, in their order. */
export function sectionsOf(project: Project, file: string): string[] {
  return [...new Set(runFences(project, file).map(({ section }) => section))]
}

const RUN = /^run within=(\d+)(?: exit=(\d+))?( restores)?$/
const NOT_RUN = /^not run: \S.{9,}$/

/** Blocks that say neither how they are run nor, with a criterion of the acceptance list, why they are not. */
export function unexplainedFences(project: Project): string[] {
  const fences = documents(project).flatMap((file) => fencesOf(project, file))
  const criteria = criteriaOf(project)
  return whereOf(fences.filter(({ info }) => !RUN.test(info) && !isReason(info, criteria)))
}

function isReason(info: string, criteria: string[]): boolean {
  const named = info.match(/\b[A-H]\d\.\d[.\d]*\d\b/g) ?? []
  return NOT_RUN.test(info) && named.length > 0 && named.every((number) => criteria.includes(number))
}

function criteriaOf({ root }: Project): string[] {
  const list = readFileSync(join(root, 'docs/acceptance.md'), 'utf8')
  return [...list.matchAll(/^- ([A-H]\d\.\d\.\d+) /gm)].map(([, number = '']) => number)
}

/**
 * What an owner of the folder who may use the engine cannot do on every machine: act as root, write into a secret, whose file is
 * read-only, or give options that only GNU's programs have.
 */
const NOT_EVERYWHERE = new RegExp(
  [
    ...[String.raw`\bsudo\b`, String.raw`>\s*\.hma/secrets`, 'sed -i', 'date (?:-d|--date)', 'readlink -f'],
    ...['stat -c', 'xargs (?:-r|--no-run)', String.raw`grep -\w*P`, 'base64 -w', 'sort -V', 'head -n -'],
  ].join('|'),
)

/** Blocks of commands, of any document, that not every user can type. */
export function blocksNotForEverybody(project: Project): string[] {
  const fences = documents(project).flatMap((file) => fencesOf(project, file))
  return whereOf(fences.filter(({ text }) => NOT_EVERYWHERE.test(text)))
}

/** The first line of each block of a file. */
export function firstCommands(project: Project, file: string): string[] {
  return fencesOf(project, file).map(({ text }) => text.split('\n')[0] ?? '')
}

/** Blocks of a file that are not run, with a reason or without. */
export function fencesNotRun(project: Project, file: string): string[] {
  return whereOf(fencesOf(project, file).filter(({ info }) => !RUN.test(info)))
}

/** Every block that says that it is run. */
export function blocksToRun(project: Project): string[] {
  return documents(project)
    .flatMap((file) => whereOf(runFences(project, file)))
    .sort()
}

/** Scripts that a block of any document names, and that do not exist. */
export function missingScripts(project: Project): string[] {
  return documents(project)
    .flatMap((file) => fencesOf(project, file))
    .flatMap(({ where, text }) =>
      [...text.matchAll(/(?<![\w/])scripts\/[\w.-]*\w/g)].map(([script]) => ({ where, script })),
    )
    .filter(({ script }) => !existsSync(join(project.root, script)))
    .map(({ where, script }) => `${where}: ${script}`)
}

/** File and line of each, of a block or of its run. */
export function whereOf(blocks: { where: string }[]): string[] {
  return blocks.map(({ where }) => where)
}

/** Types the blocks of a section in their order, or of the whole file, each within its limit. Stops at the first with a problem. */
export async function typeFences(project: Project, file: string, section?: string): Promise<FenceRun[]> {
  return typeInOrder(project, runFences(project, file, section))
}

/** The same for these blocks. */
export async function typeInOrder(project: Project, fences: Fence[]): Promise<FenceRun[]> {
  const runs: FenceRun[] = []
  for (const fence of fences) {
    runs.push(await typeFence(project, fence))
    if (runs.at(-1)?.problem) break
  }
  return runs
}

/** Types one block, in the root of the project unless a folder is given. */
export async function typeFence(
  project: Project,
  { where, section, info, text }: Fence,
  options: TypedOptions = {},
): Promise<FenceRun> {
  const [, within = '', code = '0', restores] = RUN.exec(info) ?? []
  const began = performance.now()
  const { exitCode, stdout, stderr } = await typed(project, `set -Eeuo pipefail\n${text}`, {
    ...options,
    withinMs: Number(within) * 1000,
  })
  const seconds = Math.round((performance.now() - began) / 100) / 10
  const output = `${stdout}\n${stderr}`
  const problem =
    exitCode === Number(code)
      ? ''
      : `${where} ended with ${exitCode} after ${seconds} s: ${output.slice(-2000)}`
  return { where, section, seconds, restores: restores !== undefined, output, problem }
}

/** What went wrong in these runs. */
export function problemsOf(runs: FenceRun[]): string[] {
  return runs.flatMap(({ problem }) => (problem === '' ? [] : [problem]))
}
