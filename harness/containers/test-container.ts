// A container for one test, which shows whether an image keeps the contract that the stack relies on.
import { setTimeout as pause } from 'node:timers/promises'
import { GenericContainer, getContainerRuntimeClient, PullPolicy, Wait } from 'testcontainers'
import { CliError } from '../../config/cli-error.ts'
import type { Ownership } from '../../stack/engine/ownership.ts'
import { resolveImage } from '../../stack/images/resolve.ts'
import { readLastLines, readLog } from './container-log.ts'
import type { Outcome } from './exec.ts'
import { networkOf } from './network.ts'
import { onOneAddress } from './published.ts'

export interface TestContainerOptions {
  environment?: Record<string, string>
  /** Content by path inside. */
  files?: Record<string, string>
  command?: string[]
  /** Mount point to options. */
  tmpfs?: Record<string, string>
  /** Joins the network of the run, where `postgres` and `minio` are the services that leases are granted from. */
  joinsRun?: boolean
  /** A port that is published. */
  port?: number
}

export interface TestContainer extends AsyncDisposable {
  /** Where its published port is reached from this process. */
  address(): { host: string; port: number }
  /** Runs a command in the container, to its end. */
  exec(command: string[]): Promise<Outcome>
  /** Repeats a command in the container until it exits with 0. Throws CliError with the log after 30 s. */
  until(command: string[]): Promise<Outcome>
  log(): Promise<string>
  /** Resolves to the exit code once the container has ended by itself. */
  ended(): Promise<number>
  /** Sends the image's stop signal. Resolves to the exit code; 137 when the engine had to kill it after 10 s. */
  stop(): Promise<number>
  start(): Promise<void>
}

const UNTIL_MS = 30_000
const POLL_MS = 50

/** Starts the image of that name. Does not wait until it is ready: `until` does. */
export async function startTestContainer(
  { run, labels }: Ownership,
  name: string,
  options: TestContainerOptions,
): Promise<TestContainer> {
  const { reference } = await resolveImage(name)
  const assembled = await onOneAddress(assemble(reference, labels, options))
  const started = await (options.joinsRun ? assembled.withNetworkMode(networkOf(run)) : assembled).start()
  const container = (await getContainerRuntimeClient()).container.dockerode.getContainer(started.getId())
  const exec = (command: string[]): Promise<Outcome> => started.exec(command)
  const exitCode = async () => ((await container.wait()) as { StatusCode: number }).StatusCode
  return {
    address: () => ({ host: started.getHost(), port: started.getMappedPort(options.port ?? 0) }),
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
  options: TestContainerOptions,
): GenericContainer {
  const files = Object.entries(options.files ?? {}).map(([target, content]) => ({
    target,
    content,
    mode: 0o644,
  }))
  const container = new GenericContainer(reference)
    .withLabels(labels)
    .withAutoCleanup(false)
    .withPullPolicy(PullPolicy.neverPull())
    .withEnvironment(options.environment ?? {})
    .withTmpFs(options.tmpfs ?? {})
    .withExposedPorts(...(options.port === undefined ? [] : [options.port]))
    .withCopyContentToContainer(files)
    .withWaitStrategy(Wait.forAll([]))
  return options.command === undefined ? container : container.withCommand(options.command)
}

async function repeat(attempt: () => Promise<Outcome>, name: string, id: string): Promise<Outcome> {
  const deadline = Date.now() + UNTIL_MS
  for (;;) {
    // The engine rejects a command in a container that does not run.
    const outcome = await attempt().catch((error: Error) => ({
      exitCode: -1,
      stdout: '',
      stderr: error.message,
    }))
    if (outcome.exitCode === 0) return outcome
    if (Date.now() > deadline) throw neverSucceeded(name, outcome.stderr, await readLastLines(id))
    await pause(POLL_MS)
  }
}

function neverSucceeded(name: string, stderr: string, lastLines: string): CliError {
  return new CliError({
    what: `The command did not succeed within ${UNTIL_MS / 1000} s: ${stderr}. Last lines of the container:\n${lastLines}`,
    where: `test container of the image ${name}`,
    next: 'read its last lines above.',
  })
}
