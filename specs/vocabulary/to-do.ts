// What MVP_TODO.md says is left, and where else the milestones are named.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Project } from '../../harness/index.ts'

const read = ({ root }: Project, file: string) => readFileSync(join(root, file), 'utf8')

/** The milestones, in each file that names them. */
export function milestonesOf(project: Project): { toDo: string[]; plan: string[]; template: string[] } {
  const [, plan = ''] = /Milestones: ([^.]+)\./.exec(read(project, 'docs/workstreams.md')) ?? []
  const epic = read(project, '.github/ISSUE_TEMPLATE/workstream-epic.md')
  const [, template = ''] = /^\*\*Milestone\*\*\n(.+)$/m.exec(epic) ?? []
  const headings = read(project, 'MVP_TODO.md').matchAll(/^## (\S+): /gm)
  return {
    toDo: [...headings].map(([, name = '']) => name),
    plan: plan.split(', '),
    template: template.split(' or '),
  }
}

/** The cells of its column of criteria, each split at its commas. */
export function criteriaLeft(project: Project): string[][] {
  const rows = read(project, 'MVP_TODO.md').match(/^\|.*\|$/gm) ?? []
  const cells = rows.filter((row) => !/^\| Left \||^\|-/.test(row)).map((row) => row.split('|').at(-2) ?? '')
  return cells.map((cell) => cell.trim().split(', '))
}

/** The criteria of the acceptance list. */
export function criteriaOf(project: Project): string[] {
  return idsIn(read(project, 'docs/acceptance.md'), /^- ([A-H]\d\.\d+\.\d+) /gm)
}

/** Those with an answer that is a no. */
export function criteriaWithNo(project: Project): string[] {
  return idsIn(read(project, 'docs/four-questions.md'), /^\| (\S+) .*\| no: /gm)
}

/** Those that no title of a test begins with. */
export function criteriaWithoutSpec(project: Project): string[] {
  const specs = globSync('specs/*.spec.ts', { cwd: project.root }).map((file) => read(project, file))
  const titles = new Set(specs.flatMap((text) => idsIn(text, /['"`]([A-H]\d\.\d+\.\d+) /g)))
  return criteriaOf(project).filter((id) => !titles.has(id))
}

function idsIn(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, id = '']) => id)
}
