// A container of one test's own: an image by itself, to see whether it keeps the contract we count on.
import { setTimeout as pause } from 'node:timers/promises'
import { GenericContainer, getContainerRuntimeClient, PullPolicy, Wait } from 'testcontainers'
import { CliError } from '../../config/cli-error.ts'
import type { Ownership } from '../../stack/engine/ownership.ts'
import { resolveImage } from '../../stack/images/resolve.ts'
import type { Outcome } from '../project.ts'
import { readLog } from './inside.ts'

export interface TestContainerOptions {
  environment?: Record<string, string>
  /** Content by path inside. */
  files?: Record<string, string>
  command?: string[]
  /** Mount point to options. */
  tmpfs?: Record<string, string>
}

export interface TestContainer extends AsyncDisposable {
  /** Runs a command inside, to its end. */
  exec(command: string[]): Promise<Outcome>
  /** Runs a command inside again and again until it exits with 0. Throws CliError with the log after 30 s. */
  until(command: string[]): Promise<Outcome>
  log(): Promise<string>
  /** Exit code, once it has ended by itself. */
  ended(): Promise<number>
  /** Sends the image's stop signal. Its exit code; 137 when the engine had to kill it after 10 s. */
  stop(): Promise<number>
  start(): Promise<void>
}

const UNTIL_MS = 30_000
const POLL_MS = 50

/** Starts the image behind a name. Waits for nothing: say `until` what. */
export async function startTestContainer(
  { labels }: Ownership,
  name: string,
  plan: TestContainerOptions,
): Promise<TestContainer> {
  const { reference } = await resolveImage(name)
  const started = await assemble(reference, labels, plan).start()
  const container = (await getContainerRuntimeClient()).container.dockerode.getContainer(started.getId())
  const exec = (command: string[]): Promise<Outcome> => started.exec(command)
  const exitCode = async () => ((await container.wait()) as { StatusCode: number }).StatusCode
  return {
    exec,
    until: (command) => repeat(() => exec(command), name, container.id),
    log: () => readLog(container.id),
    ended: exitCode,
    async stop() {
      await container.stop({ t: 10 })
      return exitCode()
    },
    start: async () => void (await container.start()),
    [Symbol.asyncDispose]: async () => void (await container.remove({ force: true, v: true })),
  }
}

function assemble(
  reference: string,
  labels: Record<string, string>,
  plan: TestContainerOptions,
): GenericContainer {
  const files = Object.entries(plan.files ?? {}).map(([target, content]) => ({
    target,
    content,
    mode: 0o644,
  }))
  const container = new GenericContainer(reference)
    .withLabels(labels)
    .withAutoCleanup(false)
    .withPullPolicy(PullPolicy.neverPull())
    .withEnvironment(plan.environment ?? {})
    .withTmpFs(plan.tmpfs ?? {})
    .withCopyContentToContainer(files)
    .withWaitStrategy(Wait.forAll([]))
  return plan.command === undefined ? container : container.withCommand(plan.command)
}

async function repeat(attempt: () => Promise<Outcome>, name: string, id: string): Promise<Outcome> {
  const deadline = Date.now() + UNTIL_MS
  for (;;) {
    // A container that is not running refuses to run anything, in words of its own.
    const outcome = await attempt().catch((error: Error) => ({
      exitCode: -1,
      stdout: '',
      stderr: error.message,
    }))
    if (outcome.exitCode === 0) return outcome
    if (Date.now() > deadline) throw notYet(name, outcome.stderr, await readLog(id))
    await pause(POLL_MS)
  }
}

function notYet(name: string, said: string, log: string): CliError {
  return new CliError({
    what: `The image ${name} did not get there within ${UNTIL_MS / 1000} s: ${said}\n${log.split('\n').slice(-12).join('\n')}`,
    where: 'a container of this test',
    next: 'read its last lines above.',
  })
}
