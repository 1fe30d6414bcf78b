// What docs/workstreams.md says of each workstream, and what the acceptance list says of it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Project } from '../../harness/index.ts'
import type { Workstream } from './plan.ts'

const PAGE = 'docs/workstreams.md'
const read = ({ root }: Project, file: string) => readFileSync(join(root, file), 'utf8')

/** The rows of its table. */
export function planTable(project: Project): Omit<Workstream, 'tasks'>[] {
  const rows = read(project, PAGE).matchAll(/^\| ([A-H]) \| (.+?) \| (.+?) \| (.+?) \|/gm)
  return [...rows].map(([, letter = '', name = '', dependsOn = '', epics = '']) => ({
    ...{ letter, name, dependsOn, epics: epics.split(', ') },
  }))
}

interface Section {
  /** The letter and the name. */
  heading: string
  goal: string
  tasks: string[]
  /** Folders. */
  livesIn: string[]
  /** The names of its parts, in their order. */
  parts: string[]
}

/** Its sections. */
export function planSections(project: Project): Section[] {
  const [, ...sections] = read(project, PAGE).split('\n## ')
  return sections.map((section) => {
    const [heading = '', ...lines] = section.split('\n')
    const parts = partsOf(lines.join(' '))
    return {
      ...{ heading, parts: parts.map(([name]) => name) },
      goal: textOf(parts, 'Goal'),
      tasks: textOf(parts, 'Tasks').split(' · '),
      livesIn: [...textOf(parts, 'Lives in').matchAll(/`([^`]+)`/g)].map(([, folder = '']) => folder),
    }
  })
}

/** Name and text of each part: the name is bold. */
function partsOf(text: string): [name: string, text: string][] {
  const [, ...words] = text.split(/\*\*([A-Z][^*]*?)\.?\*\*/)
  return words.flatMap((word, at) => (at % 2 === 0 ? [[word, words[at + 1] ?? '']] : []))
}

/** Without its last full stop. */
function textOf(parts: [name: string, text: string][], name: string): string {
  const [, text = ''] = parts.find(([own]) => own === name) ?? []
  return text.replaceAll(/\s+/g, ' ').trim().replace(/\.$/, '')
}

/** The goals of the acceptance list, as sentences. */
export function goalsInList(project: Project): string[] {
  const goals = read(project, 'docs/acceptance.md').matchAll(/^Workstream goal: (.)(.*)\.$/gm)
  return [...goals].map(([, first = '', more = '']) => first.toUpperCase() + more)
}
