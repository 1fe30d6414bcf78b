// What the sections of the operations runbook are for, seen on the dev stack before their first block and behind each.
import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Project } from '../../harness/index.ts'
import { askRedis, secretOf } from './clients.ts'
import { containersOf, nameOf } from './containers.ts'
import { type Fence, type FenceRun, typeFence } from './fences.ts'
import { servicesWithPorts } from './stack-state.ts'
import { answerOf, servicesWithoutProfile, typed } from './typed.ts'

interface Effect {
  look(runs: FenceRun[]): Promise<unknown>
  /** What it sees before the first block, and behind each. */
  expected: unknown[]
}

/** By section: prepares what its blocks are to change. */
export const OPERATION_EFFECTS: Record<string, (project: Project, blocks: Fence[]) => Promise<Effect>> = {
  'Daily look': startsWhatWasStopped,
  'Add a migration': appliesAndUndoes,
  'Rotate a secret': refusesTheOldPassword,
  'Upgrade an image': startsTheNewImage,
  'Grow a volume': showsWhatGrew,
  'On call': asksEveryService,
}

/** Whether Redis answers. */
async function startsWhatWasStopped(project: Project): Promise<Effect> {
  await typed(project, 'scripts/compose.sh stop redis')
  const look = async () => (await askRedis(project, ['PING'], 'dev')) === 'PONG'
  return { look, expected: [false, true, true] }
}

/** The index of the exercise. */
async function appliesAndUndoes(project: Project): Promise<Effect> {
  const look = () => answerOf(project, "select to_regclass('ml.drill')")
  return { look, expected: ['', 'ml.drill', ''] }
}

/** Whether the database accepts the password that there was, and the one that there is. */
async function refusesTheOldPassword(project: Project): Promise<Effect> {
  const old = await secretOf(project, 'app-password')
  const look = async () => [
    await isAccepted(project, old),
    await isAccepted(project, await secretOf(project, 'app-password')),
  ]
  return {
    look,
    expected: [
      [true, true],
      [false, true],
    ],
  }
}

/** The server asks everybody for a password who does not come by its socket. */
const LOG_IN = `echo "$PASSWORD" | scripts/compose.sh exec -T postgres sh -c \\
  'read -r PGPASSWORD; export PGPASSWORD; exec psql -h 127.0.0.1 -U hma_app -d hma -tAc "select 1"'`

async function isAccepted(project: Project, password: string): Promise<boolean> {
  return (await typed(project, LOG_IN, { variables: { PASSWORD: password } })).exitCode === 0
}

const STORES = ['postgres', 'redis', 'minio']

/** The stores with another container than before. One more line in a file of its image gives that of Postgres another name, as an upgrade does. */
async function startsTheNewImage(project: Project): Promise<Effect> {
  await appendFile(join(project.root, 'docker/postgres/entrypoint.sh'), '# Upgraded.\n')
  const before = await idsOf(project)
  const look = async () => {
    const now = await idsOf(project)
    return STORES.filter((service) => now.get(service) !== before.get(service))
  }
  return { look, expected: [[], ['postgres']] }
}

async function idsOf(project: Project): Promise<Map<string, string>> {
  return new Map((await containersOf(project, 'dev')).map(({ service, id }) => [service, id]))
}

/** About ten megabytes, in a database beside that of the application. */
const WRITE = `scripts/compose.sh exec -T postgres psql -U postgres -d postgres -c 'drop table if exists grown' \\
  -c 'create table grown as select generate_series(1, 300000) as number'`
const WRITTEN = 8_000_000

/** Whether the blocks show a bigger database than at first. Then it grows. */
async function showsWhatGrew(project: Project, blocks: Fence[]): Promise<Effect> {
  const first = await shownSize(project, blocks)
  const look = async () => {
    const hasGrown = (await shownSize(project, blocks)) - first > WRITTEN
    await typed(project, WRITE)
    return hasGrown
  }
  return { look, expected: [false, true] }
}

async function shownSize(project: Project, blocks: Fence[]): Promise<number> {
  const runs = await Promise.all(blocks.map((block) => typeFence(project, block)))
  const sizes = runs.map(({ output }) => /^postgres\|(\d+)$/m.exec(output)?.[1])
  return Math.max(0, ...sizes.map(Number).filter(Number.isFinite))
}

/** The services that the smoke test has found in order, and those with a container in the list. */
async function asksEveryService(project: Project, blocks: Fence[]): Promise<Effect> {
  const all = servicesWithoutProfile(project)
  const own = blocks.map(({ where }) => where)
  const look = async (runs: FenceRun[]) => {
    const output = runs.find(({ where }) => own.includes(where))?.output ?? ''
    const listed = all.filter((service) => output.includes(nameOf(project, service, 'dev')))
    return { inOrder: servicesInOrder(output), listed }
  }
  const nothing = { inOrder: [], listed: [] }
  return { look, expected: [nothing, { inOrder: servicesWithPorts(project), listed: all }] }
}

/** In what `scripts/smoke.sh --json` has printed among the rest. */
function servicesInOrder(output: string): string[] {
  const [json = '{}'] = /^\{\n[\s\S]*?^\}$/m.exec(output) ?? []
  const { services = [] } = JSON.parse(json) as { services?: { service: string; state: string }[] }
  return services
    .filter(({ state }) => state === 'ok')
    .map(({ service }) => service)
    .sort()
}
