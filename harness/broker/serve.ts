// Vitest's globalSetup: opens the broker, and makes sure that what a run started ends with it.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { CliError, lineOf } from '../../config/cli-error.ts'
import { findEngine } from '../../stack/engine/find.ts'
import { claimOwnership, type Ownership } from '../../stack/engine/ownership.ts'
import { whyGone } from '../containers/inside.ts'
import type { PostgresServer } from '../containers/postgres.ts'
import { makeRunFolder } from '../containers/run-folder.ts'
import { openBroker } from './broker.ts'
import { EXIT_ENVIRONMENT, openTroubles, type Troubles } from './error-report.ts'
import { ENVIRONMENT, type Journal, openJournal } from './journal.ts'
import { bootForecast } from './needs.ts'
import type { StackRecipe } from './recipe.ts'
import { lazyStack, type Stack } from './stack.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the socket of this run's broker. */
    broker: string
    /** What everything on the engine is labelled with that this run starts. */
    owner: Ownership
    /** The run's name on the engine, and its folder on this machine. */
    run: { id: string; folder: string }
    /** Counts the templates of this run; more than one only in watch mode. */
    generation: number
    /** What this Vitest runs for: the specs, or injecting faults. */
    purpose: 'specs' | 'prove'
  }
}

const KEPT_DATABASES = 5

/** The globalSetup of a project whose tests use the stack. Boots nothing; ends the run in one line without an engine. */
export function serveStack(recipe: StackRecipe): (project: TestProject) => Promise<() => Promise<void>> {
  return async (project) => {
    await orExit(() => findEngine())
    const owner = claimOwnership()
    const reaper = startReaper(owner.run)
    const folder = await orExit(async () => makeRunFolder(owner))
    const journal = openJournal(owner.run, ENVIRONMENT[project.getProvidedContext().purpose ?? 'specs'])
    const troubles = openTroubles(journal.say)
    const stack = stackFor(project, owner, recipe, journal, troubles)
    const broker = await openBroker({
      folder,
      stack,
      journal,
      roles: recipe.roles,
      keepMost: project.vitest.config.watch ? KEPT_DATABASES : 0,
      onFirstRequest: () => void bootForecast(project, stack),
      onTrouble: troubles.meet,
    })
    project.provide('owner', owner)
    provide(project, broker.path, { id: owner.run, folder }, stack)
    return async () => {
      const inTrouble = await troubles.met()
      journal.close()
      await stack.databases.close()
      await broker[Symbol.asyncDispose]()
      if (!(await reaper.end()))
        journal.say(`could not remove what run ${owner.run} started; the next run will.`)
      if (inTrouble) process.exitCode = EXIT_ENVIRONMENT
    }
  }
}

function stackFor(
  project: TestProject,
  owner: Ownership,
  recipe: StackRecipe,
  journal: Journal,
  troubles: Troubles,
): Stack {
  const workers = Number(project.vitest.config.maxWorkers) || 1
  const onLost = (server: PostgresServer, signs: string) => endRun(project, server, signs, troubles)
  return lazyStack({ owner, recipe, journal, workers, onLost })
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
    process.exit(error instanceof CliError ? error.exitCode : EXIT_ENVIRONMENT)
  }
}

/** Without its database server a run only has the same failure for every test, so the rest of it is left. */
async function endRun(
  { vitest }: TestProject,
  { container }: PostgresServer,
  signs: string,
  troubles: Troubles,
): Promise<Error> {
  const why = await troubles.meetOnce(whyGone(container.service, container.id, signs))
  void vitest.cancelCurrentRun('test-failure').catch(() => {})
  return why
}

/** Started before anything is on the engine; see services/reaper.ts. */
function startReaper(run: string): { end(): Promise<boolean> } {
  const entry = join(import.meta.dirname, '../containers/reaper.ts')
  const child = spawn(process.execPath, [entry, run], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  child.on('error', () => {})
  child.unref()
  return {
    /** True once everything is gone. */
    async end() {
      const gone = new Promise<number | null>((resolve) => child.once('exit', resolve))
      child.ref()
      child.stdin.end()
      const late = new Promise<null>((resolve) => setTimeout(resolve, 20_000, null).unref())
      return (await Promise.race([gone, late])) === 0
    },
  }
}
