// What a new developer does: the onboarding runbook, from the clone on, without packages, secrets or stack.
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Project } from '../../harness/index.ts'
import { publish } from './checkouts.ts'
import { type FenceRun, runFences, typeFence, typeInOrder } from './fences.ts'
import { oncePerCopy } from './once-per-copy.ts'
import { writeSettings } from './typed.ts'

export const ONBOARDING = 'docs/runbooks/onboarding.md'
/** The section of the runbook that takes the machine to a working stack. */
export const UNTIL_THE_STACK_IS_UP = '1. The stack'
/** The section whose blocks show what there is. */
const LOOK_AROUND = '2. Look around'

/** Where the developer begins, and what the first block makes there. */
const FOLDER = '.developer'
const CLONE = join(FOLDER, 'hma')

/** Links of the copy to what is installed here; no file of the project. */
const LINKS = ['node_modules', '.venv']

/** Follows the runbook, once per copy of the project, which is the repository. Stops at the first block with a problem. */
export const onboard = oncePerCopy(async (project): Promise<FenceRun[]> => {
  publish(project, LINKS)
  await mkdir(join(project.root, FOLDER))
  const [clone, ...others] = runFences(project, ONBOARDING)
  if (clone === undefined) return []
  const cloned = await typeFence(project, clone, {
    folder: FOLDER,
    variables: { REPOSITORY: project.root },
  })
  if (cloned.problem) return [cloned]
  const developer = { ...project, root: join(project.root, CLONE) }
  await writeSettings(developer)
  return [cloned, ...(await typeInOrder(developer, others))]
})

/** Seconds that the set-up printed for each of its steps. */
export function stepSeconds(output: string): Record<string, number> {
  const lines = output.matchAll(/^\s*\[\d+\/\d+\] (\S+).*?([\d.]+) s$/gm)
  return Object.fromEntries([...lines].map(([, step = '', seconds]) => [step, Number(seconds)]))
}

/** How long these took together. */
export function totalSeconds(runs: { seconds: number }[]): number {
  return runs.reduce((sum, { seconds }) => sum + seconds, 0)
}

/** What the look around has printed: of each service whether an address, and the addresses of the test users. */
export function lookedAround(runs: FenceRun[], services: string[]): { services: string[]; users: string[] } {
  const looks = runs.filter(({ section }) => section === LOOK_AROUND)
  const output = looks.map((run) => run.output).join('\n')
  const users = [...output.matchAll(/^\s*(\S+@hma\.example)\s*$/gm)].map(([, user = '']) => user)
  const hasAddress = (service: string) =>
    new RegExp(`^${service} +\\w+://127\\.0\\.0\\.1:\\d+`, 'm').test(output)
  return { services: services.filter(hasAddress), users }
}

/** The addresses of the test users, as their seed has them, in order. */
export async function testUsers({ root }: Project): Promise<string[]> {
  const seed = await readFile(join(root, 'seeds/people.sql'), 'utf8')
  const names = [...seed.matchAll(/^ {4}\('[0-9a-f-]{36}',\s+'(\w+)',/gm)].map(([, name = '']) => name)
  return names.map((name) => `${name}@hma.example`).sort()
}
