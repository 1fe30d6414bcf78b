// Vitest's globalSetup: opens the broker, and removes at the end of the run what the run started.
import type { TestProject } from 'vitest/node'
import { CliError, EXIT, lineOf } from '../../config/cli-error.ts'
import { findEngine } from '../../stack/engine/find.ts'
import { claimOwnership, type Ownership } from '../../stack/engine/ownership.ts'
import { explainLostService } from '../containers/container-end.ts'
import { ignorePostgresVariables } from '../containers/postgres-client.ts'
import { makeRunFolder } from '../containers/run-folder.ts'
import type { OnServerLost } from '../postgres/admin-connections.ts'
import { type Broker, openBroker } from './broker.ts'
import { collectEnvironmentErrors, type EnvironmentErrors } from './environment-errors.ts'
import { startReaper } from './reaper-process.ts'
import { createStack, type Stack } from './stack.ts'
import type { StackDefinition } from './stack-definition.ts'
import { openStackReport, STACK_REPORT_FILES, type StackReport } from './stack-report.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the socket of this run's broker. */
    broker: string
    /** The labels of everything that this run starts on the engine. */
    owner: Ownership
    /** The run's name on the engine, and its folder on this machine. */
    run: { id: string; folder: string }
    /** Counts the templates of this run; more than one only in watch mode. */
    generation: number
    /** Whether this Vitest runs the specs, or the specs with injected faults. */
    purpose: 'specs' | 'prove'
  }
}

const MAX_KEPT_DATABASES = 5

/** The globalSetup of a project whose tests use the stack. Starts no container; without an engine it ends the run with one line. */
export function createGlobalSetup(
  definition: StackDefinition,
): (project: TestProject) => Promise<() => Promise<void>> {
  return async (project) => {
    ignorePostgresVariables()
    await orExit(() => findEngine())
    const owner = claimOwnership()
    const reaper = startReaper(owner.run)
    const folder = await orExit(async () => makeRunFolder(owner))
    const run = await openRun(project, definition, owner, folder)
    project.provide('owner', owner)
    provide(project, run.broker.path, { id: owner.run, folder }, run.stack)
    return async () => {
      await run[Symbol.asyncDispose]()
      if (await reaper.finish()) return
      run.report.print(`could not remove what run ${owner.run} started; the next run will.`)
    }
  }
}

interface Run extends AsyncDisposable {
  broker: Broker
  stack: Stack
  report: StackReport
}

/** Disposing it sets the exit code of the run where there was an error of the environment. */
async function openRun(
  project: TestProject,
  definition: StackDefinition,
  owner: Ownership,
  folder: string,
): Promise<Run> {
  const { config } = project.vitest
  const { purpose = 'specs' } = project.getProvidedContext()
  const report = openStackReport(owner.run, { file: STACK_REPORT_FILES[purpose] })
  const errors = collectEnvironmentErrors(report.print)
  const workers = Number(config.maxWorkers) || 1
  const onServerLost = endRun(project, errors)
  const stack = createStack({ owner, definition, report, workers, onServerLost })
  const broker = await openBroker({
    ...{ folder, stack, report, roles: definition.roles },
    maxKept: config.watch ? MAX_KEPT_DATABASES : 0,
    // Most tests need a database. An error is left to the test that asks for one.
    onFirstConnection: () => void stack.databases.warm().catch(() => {}),
    onError: errors.add,
  })
  return {
    ...{ broker, stack, report },
    async [Symbol.asyncDispose]() {
      const isBroken = await errors.any()
      report.close()
      await stack.databases.close()
      await broker[Symbol.asyncDispose]()
      if (isBroken) process.exitCode = EXIT.unreachable
    },
  }
}

function provide(
  project: TestProject,
  path: string,
  run: { id: string; folder: string },
  stack: Stack,
): void {
  let generation = 0
  project.provide('broker', path)
  project.provide('run', run)
  // This runs with the first tests, and `npm run prove` has provided its faults already.
  const { faults = [], runNumber = 0 } = project.getProvidedContext()
  project.provide('faults', faults)
  project.provide('runNumber', runNumber)
  project.provide('generation', generation)
  project.onTestsRerun(async () => {
    if (!(await stack.databases.renew())) return
    stack.clusters.renew()
    project.provide('generation', ++generation)
  })
}

/** Exits here, because Vitest would print a stack trace around an error of a global set-up. */
async function orExit<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    process.stderr.write(`${lineOf(error)}\n`)
    process.exit(error instanceof CliError ? error.exitCode : EXIT.unreachable)
  }
}

/** Without its database server, every further test would fail for the same reason, so the run is cancelled. */
function endRun({ vitest }: TestProject, errors: EnvironmentErrors): OnServerLost {
  return async ({ container }, symptom) => {
    const error = await errors.addWhenKnown(explainLostService(container.service, container.id, symptom))
    void vitest.cancelCurrentRun('test-failure').catch(() => {})
    return error
  }
}
