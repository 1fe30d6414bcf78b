// What specs read of the repository's own files: labels, issue templates, the branch rule, and the plan that they must agree with.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, parseDocument } from 'yaml'
import type { Project } from '../../harness/index.ts'
import { documents } from './fences.ts'

const read = ({ root }: Project, file: string) => readFileSync(join(root, file), 'utf8')

/** The entries of .github/labels.yaml, with whatever type YAML gives to each value. */
export function labelEntries(project: Project): Record<string, unknown>[] {
  return parse(read(project, '.github/labels.yaml'))
}

/** Names in .github/labels.yaml, in its order. */
export function labelsOf(project: Project): string[] {
  return labelEntries(project).map(({ name }) => String(name))
}

/** Words for the workstreams, as docs/workstreams.md gives them. */
export function workstreamWords(project: Project): string[] {
  const [, list = ''] =
    /words for the workstreams are ([^.]+)\./.exec(oneLine(read(project, 'docs/workstreams.md'))) ?? []
  return list.split(/, | and /)
}

/** File names of the issue templates. */
export function issueTemplates({ root }: Project): string[] {
  return globSync('*', { cwd: join(root, '.github/ISSUE_TEMPLATE') }).sort()
}

/** Name, description and title of a template, as GitHub reads them, and its bold headings. None where YAML fails. */
export function templateOf(
  project: Project,
  file: string,
): { fields: string[]; headings: string[]; text: string } {
  const text = read(project, `.github/ISSUE_TEMPLATE/${file}`)
  const [, front = '', body = ''] = /^---\n(.*?)\n---\n(.*)$/s.exec(text) ?? []
  return {
    fields: Object.entries(valuesOf(front)).flatMap(([name, value]) =>
      typeof value === 'string' && value !== '' ? [name] : [],
    ),
    headings: [...body.matchAll(/^\*\*(.+)\*\*$/gm)].map(([, heading = '']) => heading),
    text: oneLine(body),
  }
}

/** The bold headings of a file of .github. */
export function headingsOf(project: Project, file: string): string[] {
  return [...read(project, `.github/${file}`).matchAll(/^\*\*(.+)\*\*$/gm)].map(([, heading = '']) => heading)
}

/** What has to be ticked in a file of .github, in its order. */
export function boxesOf(project: Project, file: string): string[] {
  return [...read(project, `.github/${file}`).matchAll(/^- \[ \] (.+)$/gm)].map(([, box = '']) => box)
}

/** What done means, as docs/workstreams.md says. */
export function doneInPlan(project: Project): string[] {
  const [, list = ''] = /Done means: ([^.]+)\./.exec(oneLine(read(project, 'docs/workstreams.md'))) ?? []
  return list.split(/, (?:and )?/)
}

function valuesOf(yaml: string): Record<string, unknown> {
  const { errors, contents } = parseDocument(yaml)
  return errors.length > 0 ? {} : (contents?.toJSON() ?? {})
}

/** Tasks (`A1.1`) that docs/acceptance.md has, and those in the table and in the sections of docs/workstreams.md. */
export function tasksOf(project: Project): { inList: string[]; inTable: string[]; inSections: string[] } {
  const [table = '', ...sections] = read(project, 'docs/workstreams.md').split('\n## ')
  const tasks = sections.map((section) => /\*\*Tasks\.\*\*(.*?)\*\*Acceptance/s.exec(section)?.[1] ?? '')
  return {
    inList: found(read(project, 'docs/acceptance.md'), /^- ([A-H]\d\.[1-9])\.\d+ /gm),
    inTable: found(table, TASK),
    inSections: found(tasks.join('\n'), TASK),
  }
}

/** First and last criterion of each epic (`A1.0.1 to A1.4.7`), in the order of docs/acceptance.md. */
export function firstAndLastCriteria(project: Project): string[] {
  const all = [...read(project, 'docs/acceptance.md').matchAll(/^- (([A-H]\d)\.\d+\.\d+) /gm)]
  const epics = Map.groupBy(all, ([, , epic]) => epic)
  return [...epics.values()].map((own) => `${own[0]?.[1]} to ${own.at(-1)?.[1]}`)
}

/** The same, as docs/workstreams.md states them. */
export function criteriaInPlan(project: Project): string[] {
  const stated = [...read(project, 'docs/workstreams.md').matchAll(/\*\*Acceptance\.\*\*([^*\n]*)/g)]
  return stated.flatMap(([, text = '']) => text.match(/\S+ to [A-H\d.]*\d/g) ?? [])
}

const TASK = /\b([A-H]\d\.[1-9])\b/g

function found(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))].sort()
}

/** Each form of a branch's name that a document states, where it speaks of branches: `file: form`. */
export function branchRules(project: Project): string[] {
  return aboutBranches(project).flatMap(({ file, text }) =>
    [...text.matchAll(/[\w<>.-]+(?:\/[\w<>.-]+)+/g)]
      .filter(([form]) => form.includes('<'))
      .map(([form]) => `${file}: ${form}`),
  )
}

/** Branch names that the documents give as examples: in code, where they speak of branches. */
export function exampleBranches(project: Project): string[] {
  return aboutBranches(project)
    .flatMap(({ text }) => [...text.matchAll(/`([a-z0-9-]+(?:\/[a-z0-9-]+)+)`/g)])
    .map(([, name = '']) => name)
}

/** The paragraphs that speak of branches. */
function aboutBranches(project: Project): { file: string; text: string }[] {
  return documents(project).flatMap((file) =>
    read(project, file)
      .split(/\n\s*\n/)
      .filter((text) => /\bbranch(?:es)?\b/i.test(text))
      .map((text) => ({ file, text })),
  )
}

/** The workstreams that a template tells to choose a label from. */
export function labelsOffered(project: Project, file: string): string[] {
  const [, list = ''] = /Label it with its workstream: ([^.]+)\./.exec(templateOf(project, file).text) ?? []
  return list.split(/, | or /)
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ')
}
