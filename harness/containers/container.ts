// Starts one container of a run: with our labels, waited for with a real client, and explained when it dies.
import { setTimeout as pause } from 'node:timers/promises'
import {
  type BoundPorts,
  type GenericContainer,
  getContainerRuntimeClient,
  PullPolicy,
  type StartedTestContainer,
  type WaitStrategy,
} from 'testcontainers'
import { CliError, EXIT } from '../../config/cli-error.ts'
import type { Ownership } from '../../stack/engine/ownership.ts'
import type { ResolvedImage } from '../../stack/images/resolve.ts'
import { describeEnd, isNotFound, nextActFor, readEnd } from './container-end.ts'
import { readLastLines } from './container-log.ts'
import { onOneAddress } from './published.ts'

/** What every service of a run is started with. */
export interface ServiceOptions {
  image: ResolvedImage
  network: string
  password: string
}

export interface ContainerOptions {
  /** Also its name on the run's network. */
  service: string
  image: ResolvedImage
  network: string
  /** With image, ports, environment and command; the rest is set here. */
  container: GenericContainer
  /** Resolves when a real client has got its answer; rejects until then. */
  isReady: (address: Address) => Promise<unknown>
}

/** Where a port of a container is reached from this process. Never assumed to be localhost. */
export interface Address {
  host: string
  port: (containerPort: number) => number
}

export interface RunningContainer extends Address {
  id: string
  /** On the engine, for `docker logs`. */
  name: string
  service: string
  bootMs: number
}

/** Shorter than the timeout of a test, so that a test fails with the reason and not with a timeout. */
const BOOT_WITHIN_MS = 40_000
const POLL_MS = 20
const WATCH_MS = 100

/** Starts a container and waits until it is ready. Throws CliError with its exit code and last lines if it dies. */
export async function startContainer(owner: Ownership, options: ContainerOptions): Promise<RunningContainer> {
  const began = performance.now()
  const name = `hma-${owner.run}-${options.service}`
  const settled = new AbortController()
  const watch = AbortSignal.any([settled.signal, AbortSignal.timeout(BOOT_WITHIN_MS)])
  const container = configure(options, name, owner.labels, settled.signal)
  try {
    const running = await Promise.race([start(container), failEarly(name, options, watch)])
    return {
      host: running.getHost(),
      port: (containerPort) => running.getMappedPort(containerPort),
      id: running.getId(),
      name,
      service: options.service,
      bootMs: performance.now() - began,
    }
  } finally {
    settled.abort()
  }
}

async function start(container: GenericContainer): Promise<StartedTestContainer> {
  return (await onOneAddress(container)).start()
}

/** The wait strategy and its timeout come after the constructor of a module, which sets its own. */
function configure(
  { container, network, service, isReady }: ContainerOptions,
  name: string,
  labels: Record<string, string>,
  settled: AbortSignal,
): GenericContainer {
  return container
    .withName(name)
    .withLabels(labels)
    .withAutoCleanup(false)
    .withPullPolicy(PullPolicy.neverPull())
    .withNetworkMode(network)
    .withNetworkAliases(service)
    .withWaitStrategy(waitFor(isReady, settled))
    .withStartupTimeout(BOOT_WITHIN_MS)
}

/**
 * Asks until the service is ready. It does not give up by itself: Testcontainers removes a container whose strategy
 * throws, and `failEarly` still has to read its log.
 */
function waitFor(isReady: ContainerOptions['isReady'], settled: AbortSignal): WaitStrategy {
  const strategy: WaitStrategy = {
    async waitUntilReady(_, ports: BoundPorts) {
      const { host } = (await getContainerRuntimeClient()).info.containerRuntime
      const address = { host, port: (containerPort: number) => ports.getBinding(containerPort) }
      const ask = () =>
        isReady(address).then(
          () => true,
          () => false,
        )
      while (!(await ask())) {
        if (settled.aborted) throw new Error('the start of this container was given up')
        await pause(POLL_MS)
      }
    },
    withStartupTimeout: () => strategy,
    isStartupTimeoutSet: () => true,
    getStartupTimeout: () => BOOT_WITHIN_MS,
  }
  return strategy
}

/**
 * Throws when the container died or its time is over. Testcontainers itself waits ten seconds for the ports of a container
 * that is already dead, and never shows its log.
 */
async function failEarly(name: string, options: ContainerOptions, watch: AbortSignal): Promise<never> {
  while (!watch.aborted) {
    await throwIfDead(name, options)
    await pause(WATCH_MS, undefined, { signal: watch }).catch(() => {})
  }
  if (watch.reason?.name !== 'TimeoutError') return new Promise(() => {})
  throw await notReady(name, options)
}

async function throwIfDead(name: string, { service, image }: ContainerOptions): Promise<void> {
  const end = await readEnd(name).catch(unlessNotFound)
  if (end === undefined) return
  const lastLines = await readLastLines(name)
  throw new CliError({
    what: `${service} died at start with ${describeEnd(end)}. Its last lines:\n${lastLines}`,
    where: `container of ${service}, image ${image.reference}`,
    next: nextActFor(lastLines, 'read its last lines; scripts/images.sh status tells which image that is.'),
    exitCode: EXIT.unreachable,
  })
}

async function notReady(name: string, { service, image }: ContainerOptions): Promise<CliError> {
  const lastLines = await readLastLines(name)
  return new CliError({
    what: `${service} gave no answer within ${BOOT_WITHIN_MS / 1000} s. Its last lines:\n${lastLines || '  (none)'}`,
    where: `image ${image.reference}`,
    next: 'look at the load of this machine, then run again.',
    exitCode: EXIT.unreachable,
  })
}

/** The engine has not created it yet. */
function unlessNotFound(error: unknown): undefined {
  if (!isNotFound(error)) throw error
}
