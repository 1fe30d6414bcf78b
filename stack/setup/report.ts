// What the set-up prints: one line for each step, and at the end where the services listen.
import { listContainers } from '../../config/compose-containers.ts'
import { type Endpoint, publishedEndpoints } from '../../config/endpoints.ts'
import { type SetupOptions, type StepResult, stackSettings } from './options.ts'
import { STEPS } from './steps.ts'

export interface FinishedStep extends StepResult {
  step: string
  seconds: number
}

/** With the dependencies, which Bash has installed before. */
const TOTAL = STEPS.length + 1

export function reportStep(at: number, finished: FinishedStep, json: boolean): void {
  const { step, what, seconds } = finished
  if (json) process.stderr.write(`${JSON.stringify({ event: 'step', at, of: TOTAL, ...finished })}\n`)
  else
    console.log(`[${at}/${TOTAL}] ${step.padEnd(13)} ${what.padEnd(38)} ${seconds.toFixed(1).padStart(6)} s`)
}

export async function reportEnd(steps: FinishedStep[], options: SetupOptions): Promise<void> {
  const changed = steps.some((step) => step.changed)
  const places = await runningEndpoints(options)
  if (options.json) console.log(JSON.stringify({ done: true, changed, steps, places }))
  else console.log(summary(steps, places, options))
}

export function reportFailure(steps: FinishedStep[], error: Error): void {
  const changed = steps.some((step) => step.changed)
  console.log(JSON.stringify({ done: false, changed, steps, error }))
}

/** MinIO listens at two ports. */
async function runningEndpoints({ variant }: SetupOptions): Promise<Endpoint[]> {
  const settings = stackSettings(variant)
  const [all, containers] = await Promise.all([
    publishedEndpoints(settings),
    listContainers(settings.project),
  ])
  const running = new Set(
    containers.filter(({ status }) => status === 'running').map(({ service }) => service),
  )
  return all.filter(({ service, url }) => url !== undefined && running.has(service))
}

function summary(steps: FinishedStep[], endpoints: Endpoint[], { variant }: SetupOptions): string {
  const changed = steps.some((step) => step.changed)
  const seconds = steps.reduce((sum, step) => sum + step.seconds, 0)
  const option = variant === 'dev' ? '' : ` --variant ${variant}`
  const { secretsFolder } = stackSettings(variant)
  return `${changed ? 'The stack is up' : 'Nothing changed: the stack was up'}, after ${seconds.toFixed(1)} s.

${endpoints.map((endpoint) => `  ${titleOf(endpoint).padEnd(16)} ${endpoint.url}`).join('\n')}

Passwords are files in ${secretsFolder}. Test users sign in with NAME@hma.example (scripts/seed.sh --help).
Next:
  curl ${endpoints.find(({ service }) => service === 'ml')?.url}/models
  scripts/compose.sh${option} logs --follow
  scripts/compose.sh${option} --profile tools up --wait    with Adminer and Redis Commander
  scripts/teardown.sh${option}                             ends it, and keeps its data`
}

const MINIO_CONSOLE = 9001

function titleOf({ service, inside }: Endpoint): string {
  return inside === MINIO_CONSOLE ? `${service} console` : service
}
