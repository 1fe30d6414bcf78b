// Which scripts of the runbooks work on prod, and what is typed there in the place of the others.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Project } from '../../harness/index.ts'
import { fencesOf } from './fences.ts'
import { OPERATIONS_FILE } from './runbooks.ts'

const SCRIPT = /(?<![\w/])scripts\/[\w.-]*\w/g

/** The scripts that the blocks of these files type. */
export function scriptsTyped(project: Project, files: string[]): string[] {
  const blocks = files.flatMap((file) => fencesOf(project, file))
  return [...new Set(blocks.flatMap(({ text }) => text.match(SCRIPT) ?? []))].sort()
}

/** Those of them whose --help names prod as a variant. */
export async function scriptsForProd(project: Project, scripts: string[]): Promise<string[]> {
  const helps = await Promise.all(scripts.map((script) => project.run(script, ['--help'])))
  return scripts.filter((_, at) => /--variant \S*\bprod\b/.test(helps[at]?.stdout ?? ''))
}

interface ProdForm {
  dev: string
  prod: string
}

/** The rows of the table "In prod". */
export function prodForms({ root }: Project): ProdForm[] {
  const rows = sectionOf(root).matchAll(/^\| `([^`]+)` \| (?:`([^`]+)`)?.* \|$/gm)
  return [...rows].map(([, dev = '', prod = '']) => ({ dev, prod }))
}

/** The scripts that the text above that table says take the variant. */
export function scriptsNamedForProd({ root }: Project): string[] {
  const [prose = ''] = sectionOf(root).split('\n|')
  return [...new Set(prose.match(SCRIPT) ?? [])].sort()
}

function sectionOf(root: string): string {
  const text = readFileSync(join(root, OPERATIONS_FILE), 'utf8')
  return text.split('\n## ').find((section) => section.startsWith('In prod\n')) ?? ''
}

/** Forms that are no command of compose on prod, or whose service or program does not exist. */
export function brokenForms({ root }: Project, forms: ProdForm[], services: string[]): string[] {
  const isBroken = ({ prod }: ProdForm) => {
    const [, command = '', behind = ''] = /^scripts\/compose\.sh --variant prod (\w+)(.*)$/.exec(prod) ?? []
    const [service, ...words] = behind.split(' ').filter((word) => word !== '' && !/^-/.test(word))
    const programs = words.filter((word) => word.endsWith('.ts'))
    const isKnown = service === undefined || services.includes(service)
    return command === '' || !isKnown || programs.some((program) => !existsSync(join(root, program)))
  }
  return forms
    .filter(({ prod }) => prod !== '')
    .filter(isBroken)
    .map(({ prod }) => prod)
}
