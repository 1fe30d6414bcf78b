// Which scripts of the runbooks work on prod, and what is typed there in the place of the others.
import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Outcome, Project } from '../../harness/index.ts'
import { buildImages, prepare, prodSecretsOf } from './compose.ts'
import { containersOf } from './containers.ts'
import { fencesOf } from './fences.ts'
import { OPERATIONS_FILE } from './runbooks.ts'
import { typed } from './typed.ts'

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

interface TypedForms {
  lines: string[]
  /** What ended with another code than 0, with the end of what it printed. */
  problems: string[]
  /** Containers of prod when the last form has ended. */
  left: string[]
}

/** Types each form as the operator of prod: the start first, the rotation of a secret as the section about it says, the end last. */
export async function typeOnProd(project: Project): Promise<TypedForms> {
  await prepare(project)
  await buildImages(project)
  const forms = prodForms(project).flatMap(({ prod }) => (prod === '' ? [] : [prod]))
  const isEnd = (form: string) => / down$/.test(form)
  const rotation = rotationOf(project)
  const lines = [...forms.filter((form) => !isEnd(form)), rotation, ...forms.filter(isEnd)]
  const problems: string[] = []
  for (const line of lines) {
    const replaced = line === rotation ? await replaceSecret(project) : undefined
    const { exitCode, stdout, stderr } = await typeAsOperator(project, line)
    if (exitCode !== 0) problems.push(`${line} ended with ${exitCode}: ${`${stdout}\n${stderr}`.slice(-600)}`)
    if (replaced !== undefined && (await secretInUse(project)) !== replaced)
      problems.push(`${line} leaves ${SERVICE} with another secret`)
  }
  const left = await containersOf(project, 'prod')
  return { lines, problems, left: left.map(({ service }) => service) }
}

async function typeAsOperator(project: Project, line: string): Promise<Outcome> {
  const variables = { ...(await prepare(project)), HMA_SECRETS: prodSecretsOf(project) }
  return typed(project, line, { variables })
}

/** What is typed in prod after a secret was replaced. */
function rotationOf({ root }: Project): string {
  const text = readFileSync(join(root, OPERATIONS_FILE), 'utf8')
  return /^`(scripts\/compose\.sh --variant prod [^`]+)`\.$/m.exec(text)?.[1] ?? ''
}

/** It becomes healthy only if its role has the same password. */
const SERVICE = 'ml'
const SECRET = 'ml-password'

/** Returns the new one. */
async function replaceSecret(project: Project): Promise<string> {
  const [file, value] = [join(prodSecretsOf(project), SECRET), randomUUID()]
  await rm(file)
  await writeFile(file, value, { mode: 0o444 })
  return value
}

async function secretInUse(project: Project): Promise<string> {
  const command = `scripts/compose.sh --variant prod exec -T ${SERVICE} cat /run/secrets/${SECRET}`
  return (await typeAsOperator(project, command)).stdout
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
