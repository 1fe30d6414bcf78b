// One container of a run: started with our labels, waited for with a real client, and diagnosed when it dies.
import { setTimeout as pause } from 'node:timers/promises'
import { GenericContainer, PullPolicy, type StartedTestContainer, Wait } from 'testcontainers'
import { CliError } from '../../config/cli-error.ts'
import type { Ownership } from '../../stack/engine/ownership.ts'
import type { ResolvedImage } from '../../stack/images/resolve.ts'
import { describeEnding, endingOf, nextActFor, readTail } from './inside.ts'

export interface ContainerPlan {
  service: string
  image: ResolvedImage
  ports: number[]
  environment?: Record<string, string>
  command?: string[]
  /** Mount point to options, e.g. `{ '/data': 'rw,size=1g' }`. */
  tmpfs?: Record<string, string>
  network?: string
  /** Resolves when a real client has its answer; throws while it has not. */
  answers: (address: Address) => Promise<unknown>
  bootSeconds?: number
}

/** Where a port of a container is reached from this process. Never assumed to be localhost. */
export interface Address {
  host: string
  port: (inside: number) => number
}

export interface RunningContainer extends Address {
  id: string
  /** On the engine, for `docker logs`. */
  name: string
  service: string
  bootMs: number
}

/** Below the timeout of a test, so that it ends with the reason and not with having waited. */
const BOOT_SECONDS = 40
const POLL_MS = 20
const WATCH_MS = 100

/** Starts a container and waits for its own answer. Throws CliError with its exit code and last lines if it dies. */
export async function startContainer(owner: Ownership, plan: ContainerPlan): Promise<RunningContainer> {
  const began = performance.now()
  const container = assemble(owner, plan)
  const settled = new AbortController()
  const deadline = AbortSignal.any([
    settled.signal,
    AbortSignal.timeout((plan.bootSeconds ?? BOOT_SECONDS) * 1000),
  ])
  try {
    const death = diesEarly(container, plan, deadline)
    const running = await Promise.race([container.start(), death])
    await Promise.race([waitForAnswer(running, plan, deadline), death])
    return {
      ...addressOf(running),
      id: running.getId(),
      name: nameOf(owner, plan),
      service: plan.service,
      bootMs: performance.now() - began,
    }
  } finally {
    settled.abort()
  }
}

class LabelledContainer extends GenericContainer {
  id: string | undefined
  protected override containerCreated = async (id: string): Promise<void> => {
    this.id = id
  }
}

function nameOf({ run }: Ownership, { service }: ContainerPlan): string {
  return `hma-${run}-${service}`
}

function assemble(owner: Ownership, plan: ContainerPlan): LabelledContainer {
  const container = new LabelledContainer(plan.image.reference)
    .withName(nameOf(owner, plan))
    .withLabels(owner.labels)
    .withAutoCleanup(false)
    .withPullPolicy(PullPolicy.neverPull())
    .withExposedPorts(...plan.ports)
    .withEnvironment(plan.environment ?? {})
    .withTmpFs(plan.tmpfs ?? {})
    .withWaitStrategy(Wait.forAll([]))
  if (plan.command) container.withCommand(plan.command)
  if (plan.network) container.withNetworkMode(plan.network).withNetworkAliases(plan.service)
  return container
}

function addressOf(container: StartedTestContainer): Address {
  return { host: container.getHost(), port: (inside) => container.getMappedPort(inside) }
}

/** Asks until the answer comes. Gives up silently at the deadline: the watch beside it says why. */
async function waitForAnswer(running: StartedTestContainer, plan: ContainerPlan, deadline: AbortSignal) {
  while (!deadline.aborted) {
    const answered = await plan.answers(addressOf(running)).then(
      () => true,
      () => false,
    )
    if (answered) return
    await pause(POLL_MS)
  }
  await new Promise(() => {})
}

/**
 * Watches the container until it is up, and throws when it died or the deadline passed. Testcontainers itself waits
 * ten seconds for the ports of a container that is already dead, and never shows what it said.
 */
async function diesEarly(
  container: LabelledContainer,
  plan: ContainerPlan,
  deadline: AbortSignal,
): Promise<never> {
  while (!deadline.aborted) {
    if (container.id !== undefined) await throwIfDead(container.id, plan)
    await pause(WATCH_MS, undefined, { signal: deadline }).catch(() => {})
  }
  if (deadline.reason?.name !== 'TimeoutError') return new Promise(() => {})
  throw await notAnswering(container.id, plan)
}

async function throwIfDead(id: string, plan: ContainerPlan): Promise<void> {
  const ending = await endingOf(id)
  if (ending === undefined) return
  const tail = await readTail(id)
  throw new CliError({
    what: `${plan.service} died at start with ${describeEnding(ending)}. Its last lines:\n${tail}`,
    where: `container of ${plan.service}, image ${plan.image.reference}`,
    next: nextActFor(tail, 'read its last lines; scripts/images.sh status tells which image that is.'),
    exitCode: 3,
  })
}

async function notAnswering(id: string | undefined, plan: ContainerPlan): Promise<CliError> {
  const lines = id === undefined ? '  (the engine did not create it)' : await readTail(id)
  return new CliError({
    what: `${plan.service} runs but gave no answer within ${plan.bootSeconds ?? BOOT_SECONDS} s. Its last lines:\n${lines}`,
    where: `image ${plan.image.reference}`,
    next: 'look at the load of this machine, then run again.',
    exitCode: 3,
  })
}
