// The stack that the gate sets up, in a copy of the project.
import { execa } from 'execa'
import { SERVICE_PORTS } from '../../config/services.ts'
import type { Outcome, Project } from '../../harness/index.ts'
import { freePort } from './clients.ts'
import { onlySteps, runGate } from './gate.ts'

/** The gate listens so far above the ports of dev. */
const ABOVE_DEV = 20_000
const WITHIN_MS = 170_000

const environments = new Map<string, Promise<Record<string, string>>>()

/** A name of its own and ports that are free. */
function environmentOf(project: Project): Promise<Record<string, string>> {
  const environment = environments.get(project.root) ?? choosePorts(project)
  environments.set(project.root, environment)
  return environment
}

async function choosePorts({ composeName }: Project): Promise<Record<string, string>> {
  const ports = SERVICE_PORTS.map(async ({ variable }) => [
    variable,
    String(Number(await freePort()) - ABOVE_DEV),
  ])
  return { HMA_PROJECT: composeName, ...Object.fromEntries(await Promise.all(ports)) }
}

/** Runs these steps of the gate. */
export async function runSteps(project: Project, ...steps: string[]): Promise<Outcome> {
  return runGate(project, onlySteps(...steps), {
    environment: await environmentOf(project),
    timeoutMs: WITHIN_MS,
  })
}

const runs = new Map<string, Promise<Outcome>>()

/** The steps that need a stack, from validating compose to the seeds. Run once per copy of the project. */
export function runStackSteps(project: Project): Promise<Outcome> {
  const run = runs.get(project.root) ?? runSteps(project, 'compose', 'set-up', 'smoke', 'migrations', 'seeds')
  runs.set(project.root, run)
  return run
}

/** Stops a service of the gate's stack. */
export async function stopInGate({ composeName }: Project, service: string): Promise<void> {
  await execa('docker', ['kill', `${composeName}-gate-${service}-1`])
}

/** Names of the services of the gate's stack that have a container. */
export async function servicesInGate({ composeName }: Project): Promise<string[]> {
  const label = `label=com.docker.compose.project=${composeName}-gate`
  const { stdout } = await execa('docker', [
    'ps',
    '--all',
    '--filter',
    label,
    '--format',
    '{{.Label "com.docker.compose.service"}}',
  ])
  return stdout
    .split('\n')
    .filter((name) => name !== '')
    .sort()
}
