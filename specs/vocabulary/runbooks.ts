// The operations runbook and the recovery drills, on the dev stack of a copy of the project.
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Outcome, Project } from '../../harness/index.ts'
import { type FenceRun, fencesOf, runFences } from './fences.ts'
import { ownStack } from './own-stack.ts'

const OPERATIONS_FILE = 'docs/runbooks/operations.md'
const DRILLS_FILE = 'docs/recovery-drills.md'

/** The sections of the operations runbook. */
export const OPERATIONS = [
  'Daily look',
  'Add a migration',
  'Rotate a secret',
  'Upgrade an image',
  'Grow a volume',
  'On call',
  'Move to another machine',
]

export const DRILLS = [
  'Dropped table',
  'Wrong update',
  'Lost volume',
  'Lost bucket object',
  'Full disk',
  'Expired password',
  'Stuck migration',
  'Missing partition',
]

const prepared = new Map<string, Promise<FenceRun[]>>()

/** Sets up the stack of the copy and backs it up, once per copy. */
function prepare(project: Project): Promise<FenceRun[]> {
  const done = prepared.get(project.root) ?? runSection(project, DRILLS_FILE, 'Before')
  prepared.set(project.root, done)
  return done
}

async function runSection(project: Project, file: string, section: string): Promise<FenceRun[]> {
  return runFences(project, file, section, await ownStack(project))
}

export async function runOperation(project: Project, section: string): Promise<FenceRun[]> {
  return [...(await prepare(project)), ...(await runSection(project, OPERATIONS_FILE, section))]
}

export interface Drill {
  runs: FenceRun[]
  restored: { seconds: number; stated: number }
}

export async function runDrill(project: Project, name: string): Promise<Drill> {
  const runs = [...(await prepare(project)), ...(await runSection(project, DRILLS_FILE, name))]
  const seconds = runs.filter(({ restores }) => restores).reduce((sum, run) => sum + run.seconds, 0)
  const stated = drillTable(project)[name]?.stated ?? 0
  process.stderr.write(`drill ${name}: restored in ${seconds.toFixed(1)} s, stated ${stated} s\n`)
  return { runs, restored: { seconds, stated } }
}

/** For each drill of the table: its stated time, and the limits of the blocks that restore. */
export function drillTable(project: Project): Record<string, { stated: number; limits: number[] }> {
  const text = readFileSync(join(project.root, DRILLS_FILE), 'utf8')
  const rows = [...text.matchAll(/^\| ([A-Z][^|]+?) \| (\d+) s \|/gm)]
  const restoring = fencesOf(project, DRILLS_FILE).filter(({ info }) => info.endsWith(' restores'))
  return Object.fromEntries(
    rows.map(([, name = '', stated]) => {
      const own = restoring.filter(({ section }) => section === name)
      return [
        name,
        { stated: Number(stated), limits: own.map(({ info }) => Number(/within=(\d+)/.exec(info)?.[1])) },
      ]
    }),
  )
}

/** Types a command into a shell, in the copy whose stack is up. */
export async function typeCommand(project: Project, command: string): Promise<Outcome> {
  await prepare(project)
  const script = join(project.root, '.typed')
  await writeFile(script, `#!/bin/sh\n${command}\n`, { mode: 0o755 })
  return project.run('.typed', [], { environment: await ownStack(project), timeoutMs: 170_000 })
}
