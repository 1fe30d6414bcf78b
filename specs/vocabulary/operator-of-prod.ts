// What the operator of prod types: its own secrets and the name of the project are in the shell.
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Outcome, Project } from '../../harness/index.ts'
import { buildImages, prepare, prodSecretsOf } from './compose.ts'
import { prodForms } from './prod-forms.ts'
import { OPERATIONS_FILE } from './runbooks.ts'
import { typed } from './typed.ts'

interface TypedForms {
  /** How many forms there are. */
  count: number
  /** What ended with another code than 0, with the end of what it printed. */
  problems: string[]
}

/** Types each form for prod: first the start, then the others, the rotation of a secret, and the end. */
export async function typeOnProd(project: Project): Promise<TypedForms> {
  await buildImages(project)
  const forms = prodForms(project).flatMap(({ prod }) => (prod === '' ? [] : [prod]))
  const isEnd = (form: string) => / down$/.test(form)
  const problems = [
    ...(await typeAll(
      project,
      forms.filter((form) => !isEnd(form)),
    )),
    ...(await rotateSecret(project)),
    ...(await typeAll(project, forms.filter(isEnd))),
  ]
  return { count: forms.length, problems }
}

async function typeAll(project: Project, lines: string[]): Promise<string[]> {
  const problems: string[] = []
  for (const line of lines) {
    const { exitCode, stdout, stderr } = await typeOne(project, line)
    if (exitCode !== 0) problems.push(`${line} ended with ${exitCode}: ${`${stdout}\n${stderr}`.slice(-600)}`)
  }
  return problems
}

async function typeOne(project: Project, line: string): Promise<Outcome> {
  const variables = { ...(await prepare(project)), HMA_SECRETS: prodSecretsOf(project) }
  return typed(project, line, { variables })
}

/** A service becomes healthy only if its role has the same password. */
const SERVICE = 'ml'
const SECRET = 'ml-password'

/** Replaces a secret, and types what the section about it says for prod. */
async function rotateSecret(project: Project): Promise<string[]> {
  const [file, value] = [join(prodSecretsOf(project), SECRET), randomUUID()]
  await rm(file)
  await writeFile(file, value, { mode: 0o444 })
  const line = rotationIn(project)
  const problems = await typeAll(project, [line])
  const read = `scripts/compose.sh --variant prod exec -T ${SERVICE} cat /run/secrets/${SECRET}`
  const isInUse = (await typeOne(project, read)).stdout === value
  return isInUse ? problems : [...problems, `'${line}' leaves ${SERVICE} with another secret`]
}

function rotationIn({ root }: Project): string {
  const text = readFileSync(join(root, OPERATIONS_FILE), 'utf8')
  return /^`(scripts\/compose\.sh --variant prod [^`]+)`\.$/m.exec(text)?.[1] ?? ''
}
