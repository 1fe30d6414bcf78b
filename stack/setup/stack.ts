// The step that starts the stack, or finds that it already runs as described.
import { globSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { CliError, EXIT } from '../../config/cli-error.ts'
import { type ComposeContainer, listContainers } from '../../config/compose-containers.ts'
import { ROOT } from '../../config/root.ts'
import { SERVICES } from '../../config/services.ts'
import { composeOptions } from '../compose/command.ts'
import type { ComposeModel } from '../compose/networks.ts'
import { prepareStack } from '../compose/prepare.ts'
import { runCommand, runOrThrow } from '../run-command.ts'
import {
  MINUTE_MS,
  profilesOf,
  SECOND_MS,
  type SetupOptions,
  type StepResult,
  stackSettings,
} from './options.ts'
import { removeUnusable, STOP_WITHIN_MS, unusable } from './unusable.ts'

const WAIT_S = 180

/** Starts nothing when every container is healthy and was made from what the files describe now. */
export async function startStack({ variant, ...options }: SetupOptions): Promise<StepResult> {
  const settings = stackSettings(variant)
  const before = await listContainers(settings.project)
  const profiles = withRunning(profilesOf(options), before).flatMap((profile) => ['--profile', profile])
  const compose = ['docker', 'compose', ...composeOptions(settings), ...profiles]
  const described = await describe(compose)
  const services = described.hashes.size
  if (isUpToDate(described, before)) return { changed: false, what: `${services} services, as described` }
  await prepareStack(described.model)
  // Listed again: after a kill the engine may still have been creating a container when `before` was read.
  await removeUnusable(described.model, await listContainers(settings.project))
  await stopDependents(compose, described.model, settings.project)
  const { exitCode, stderr } = await up(compose)
  // A stopped service of a profile was not asked for.
  const after = (await listContainers(settings.project)).filter(({ service }) =>
    described.hashes.has(service),
  )
  const unhealthy = after.filter(({ isHealthy }) => !isHealthy)
  if (exitCode !== 0 || unhealthy.length > 0) throw notUp(unhealthy, stderr)
  const started = startedSince(before, after)
  return { changed: started > 0, what: `${services} services healthy, ${started} started` }
}

/** The tools where they are asked for, and every profile of which something runs: it uses the same secrets. */
function withRunning(wanted: string[], containers: ComposeContainer[]): string[] {
  const running = new Set(
    containers.filter(({ status }) => status === 'running').map(({ service }) => service),
  )
  const profiles = SERVICES.filter(({ name }) => running.has(name)).map(({ profile }) => profile)
  return [...new Set([...wanted, ...profiles])].filter((profile) => profile !== undefined)
}

/**
 * `up --wait` gives up at once on a service that is unhealthy, and one whose database is made anew becomes so in the meantime. Stopped,
 * it is started again in its turn.
 */
async function stopDependents(compose: string[], model: ComposeModel, project: string): Promise<void> {
  const containers = await listContainers(project)
  const isDown = (service: string) => {
    const container = containers.find((each) => each.service === service)
    return model.services[service]?.restart !== 'no' && container?.isHealthy !== true
  }
  const dependsOnDown = (service: string): boolean =>
    Object.keys(model.services[service]?.depends_on ?? {}).some(
      (other) => isDown(other) || dependsOnDown(other),
    )
  const running = containers.filter(({ status, isOneShot }) => status === 'running' && !isOneShot)
  const waiting = running.map(({ service }) => service).filter(dependsOnDown)
  if (waiting.length === 0) return
  await runCommand([...compose, 'stop', ...waiting], { withinMs: STOP_WITHIN_MS })
}

function up(compose: string[]) {
  const command = [...compose, 'up', '--wait', '--wait-timeout', String(WAIT_S), '--quiet-pull']
  return runCommand(command, { withinMs: (WAIT_S + 60) * SECOND_MS })
}

/** What the compose files describe, and the hash of each service's definition. */
interface Description {
  hashes: Map<string, string>
  model: ComposeModel
}

async function describe(compose: string[]): Promise<Description> {
  const [hashes, rendered] = await Promise.all([
    runOrThrow([...compose, 'config', '--hash', '*'], { withinMs: MINUTE_MS }),
    runOrThrow([...compose, 'config', '--format', 'json'], { withinMs: MINUTE_MS }),
  ])
  const lines = hashes.stdout.matchAll(/^(\S+) ([0-9a-f]{64})$/gm)
  return {
    hashes: new Map([...lines].map(([, service = '', hash = '']) => [service, hash])),
    model: JSON.parse(rendered.stdout) as ComposeModel,
  }
}

function isUpToDate(described: Description, containers: ComposeContainer[]): boolean {
  const byService = new Map(containers.map((container) => [container.service, container]))
  const isCurrent = ([service, hash]: [string, string]) => {
    const container = byService.get(service)
    return container?.isHealthy && container.configHash === hash
  }
  if (![...described.hashes].every(isCurrent)) return false
  return !hasNewerFiles(containers) && unusable(described.model, containers).length === 0
}

/** Compose's hash does not cover the content of the files that a one-shot mounts; their modification time tells. */
function hasNewerFiles(containers: ComposeContainer[]): boolean {
  const files = globSync('docker/*.{yml,sh}', { cwd: ROOT })
  const newest = Math.max(...files.map((file) => statSync(join(ROOT, file)).mtimeMs))
  return containers.some(({ isOneShot, startedAt }) => isOneShot && Date.parse(startedAt) < newest)
}

/** Number of containers that are new or were started again. */
function startedSince(before: ComposeContainer[], after: ComposeContainer[]): number {
  const known = new Set(before.map(({ id, startedAt }) => `${id} ${startedAt}`))
  return after.filter(({ id, startedAt }) => !known.has(`${id} ${startedAt}`)).length
}

/** Compose's own message is the reason where no container could be made, as when a port is taken. */
function notUp(unhealthy: ComposeContainer[], stderr: string): CliError {
  const states = unhealthy.map(({ service, state }) => `${service} is ${state}`)
  const reason = stderr.split('\n').findLast((line) => /error|fail|refuse/i.test(line))
  const what = [...states, ...(reason === undefined ? [] : [reason.trim()])].join(', ')
  return new CliError({
    what: `The stack is not up: ${what || 'docker compose up ended with an error'}.`,
    next: 'read the log lines above, correct the cause, and run this again.',
    exitCode: EXIT.failed,
  })
}
