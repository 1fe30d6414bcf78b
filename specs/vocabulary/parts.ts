// Runs of the acceptance job that are split over machines, in a copy of the project with four small specs.
import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { commitAll } from '../../config/git.ts'
import { expect, type Outcome, type Project } from '../../harness/index.ts'
import { LABELLED, TAGGED } from './events.ts'
import { onlySteps, runGate } from './gate.ts'
import { oncePerCopy } from './once-per-copy.ts'
import { type Change, edited, SECOND } from './part-changes.ts'
import { leaveCriteria, writeFaults, writeSpecs } from './runs.ts'
import { type Event, variablesOf } from './workflows.ts'

const specOf = (
  id: string,
  fixtures = 'project',
) => `test('${id} the mark is first', async ({ ${fixtures} }) => {
  expect(readFileSync(project.root + '/migrations/mark.sql', 'utf8')).toContain('select 1')
})`
const IDS = ['B1.1.1', 'B1.1.2', 'B1.1.3', 'B1.1.4']
const FAULTS = IDS.map(
  (id) => `'${id}': { 'second mark': edit('migrations/mark.sql', 'select 1', 'select 2') }`,
)

export interface Joined {
  /** What was signed off on one machine, without names of runs and times. */
  whole: unknown
  /** The same of two parts. */
  joined: unknown
  /** The criteria of the faults that each part caught. */
  caughtByPart: string[][]
  /** Exit code of the same sign-off, had one part injected a fault that was not caught. */
  uncaughtExit: number
}

/** Signs off four specs and their faults on one machine, and on two. */
export async function signOffTwice(project: Project): Promise<Joined> {
  await writeProject(project)
  await passes(project, 'specs', 'faults', 'sign-off', '--so-far')
  const whole = await signedOff(project)
  // What the second machine ran began first, and stands first in what Vitest merges.
  await runParts(project, ['2/2', '1/2'], 'specs', 'faults')
  const caught = await caughtByPart(project)
  await removeAllButParts(project)
  await leaveEarlierReport(project)
  await passes(project, 'sign-off', '--so-far', '--parts')
  const joined = await signedOff(project)
  await edited(at(project, 'parts'), /"proveExit": 0/, '"proveExit": 1')
  const { exitCode } = await accept(project, 'sign-off', '--so-far', '--parts')
  return { whole, joined, caughtByPart: caught, uncaughtExit: exitCode }
}

/** As on the machine that signs off, which ran nothing. */
async function removeAllButParts(project: Project): Promise<void> {
  for (const name of await readdir(at(project, '')))
    if (name !== 'parts') await rm(at(project, name), { recursive: true })
}

/** What an earlier join left where reports are merged: that of a part of specs which are there no more. */
async function leaveEarlierReport(project: Project): Promise<void> {
  const report = await readFile(join(at(project, 'parts'), 'report-1-2.json'), 'utf8')
  expect(report).toContain('nested-')
  await mkdir(at(project, 'reports'), { recursive: true })
  await writeFile(join(at(project, 'reports'), 'report-3-3.json'), report.replaceAll('nested-', 'earlier-'))
}

async function writeProject(project: Project): Promise<void> {
  // The second criterion has its tests in two files, which may be in different parts. Every part has Postgres, one has Redis.
  await writeSpecs(
    project,
    specOf('B1.1.1', 'project, db, cache'),
    specOf('B1.1.2', 'project, db'),
    [specOf('B1.1.2'), specOf('B1.1.3'), specOf('B1.1.4', 'project, db')].join('\n'),
  )
  await leaveCriteria(project, IDS)
  await writeFaults(project, FAULTS.join(',\n'))
  commitAll(project.root)
}

/** Each as on a machine of its own, one after the other. */
async function runParts(project: Project, parts: string[], ...steps: string[]): Promise<void> {
  for (const part of parts) {
    for (const file of ['caught-faults.json', 'run.json']) await rm(at(project, file), { force: true })
    await passes(project, ...steps, '--shard', part)
  }
}

/** What the gate signs off on one machine for a pull request, and then of the same run for a tag, as the workflow does. */
export async function signOffOnGitHub(project: Project): Promise<{ pull: unknown; tag: unknown }> {
  const [id = ''] = IDS
  await writeSpecs(project, specOf(id))
  await leaveCriteria(project, [id])
  await writeFaults(project, FAULTS[0] ?? '')
  commitAll(project.root)
  const signOff = async (event: Event, steps: string[]) => {
    const options = { environment: variablesOf(project, 'sign-off', event), timeoutMs: 120_000 }
    const { exitCode, stdout, stderr } = await runGate(project, onlySteps(...steps), options)
    expect(exitCode, stdout + stderr).toBe(0)
    return signedOff(project)
  }
  const pull = await signOff(LABELLED, ['acceptance', 'faults', 'sign-off'])
  return { pull, tag: await signOff(TAGGED, ['sign-off']) }
}

/** Runs the specs in two parts, once per copy of the project; keeps the parts. */
const keepParts = oncePerCopy(async (project) => {
  await writeProject(project)
  await runParts(project, ['1/2', '2/2'], 'specs')
  await cp(at(project, 'parts'), at(project, 'kept'), { recursive: true })
  for (const file of OF_LAST_RUN) await cp(at(project, file), at(project, `kept-${file}`))
})

/** What the run of the second part left for the end of its part. */
const OF_LAST_RUN = ['run.json', 'environment.json']

/** Ends the second part once more, where a folder of its run is left: that needs no container. */
export async function closePartWithLeftover(
  project: Project,
): Promise<{ exitCode: number; isPart: boolean; isLeft: boolean }> {
  await keepParts(project)
  for (const file of OF_LAST_RUN) await cp(at(project, `kept-${file}`), at(project, file))
  await rm(at(project, 'parts'), { recursive: true, force: true })
  await cp(at(project, 'kept'), at(project, 'parts'), { recursive: true })
  await rm(join(at(project, 'parts'), SECOND))
  const { run } = JSON.parse(await readFile(at(project, 'environment.json'), 'utf8'))
  const folder = join(tmpdir(), `hma-${run}`)
  await mkdir(folder)
  const words = ['close', '2/2', '--specs-exit', '0', '--prove-exit', '0']
  const { exitCode } = await project.run('node_modules/.bin/node', ['harness/proof/part.ts', ...words])
  return { exitCode, isPart: existsSync(join(at(project, 'parts'), SECOND)), isLeft: existsSync(folder) }
}

/** Restores the parts, changes them, and signs them off. */
export async function signOffParts(project: Project, change: Change): Promise<Outcome> {
  await keepParts(project)
  await rm(at(project, 'parts'), { recursive: true, force: true })
  await cp(at(project, 'kept'), at(project, 'parts'), { recursive: true })
  await change(at(project, 'parts'))
  return accept(project, 'sign-off', '--so-far', '--parts')
}

function accept(project: Project, ...words: string[]): Promise<Outcome> {
  return project.run('scripts/accept.sh', words, { timeoutMs: 120_000 })
}

async function passes(project: Project, ...words: string[]): Promise<void> {
  const { exitCode, stdout, stderr } = await accept(project, ...words)
  expect(exitCode, stdout + stderr).toBe(0)
}

async function signedOff(project: Project): Promise<unknown> {
  const record = JSON.parse(await readFile(at(project, 'signoff.json'), 'utf8'))
  // Which of a criterion's two files catches its fault is a matter of which of them ran first.
  const NAMES = ['run', 'startedAt', 'endedAt', 'sealedAt', 'durationMs', 'at', 'caughtIn']
  const known = { ...record, environment: servicesIn(record.environment) }
  return JSON.parse(JSON.stringify(known, (key, value) => (NAMES.includes(key) ? undefined : value)))
}

/** What ran, without what it took to start it. */
function servicesIn({ services = [] }: { services?: Record<string, unknown>[] }): string[] {
  return services.map(({ service, image, version }) => `${service} ${version} of ${image}`).sort()
}

async function caughtByPart(project: Project): Promise<string[][]> {
  const texts = ['part-1-2.json', 'part-2-2.json'].map((file) =>
    readFile(join(at(project, 'parts'), file), 'utf8'),
  )
  return (await Promise.all(texts)).map((text) =>
    Object.values(JSON.parse(text).caughtFaults as Record<string, { criterion: string }>).map(
      ({ criterion }) => criterion,
    ),
  )
}

function at({ root }: Project, name: string): string {
  return join(root, '.signoff', name)
}
