// Vitest's globalSetup: opens the broker, and makes sure that what a run started ends with it.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { findEngine } from '../engine.ts'
import { claimOwnership } from '../services/ownership.ts'
import { Trouble } from '../trouble.ts'
import { openBroker } from './broker.ts'
import { openJournal } from './journal.ts'
import { bootForecast } from './needs.ts'
import type { StackRecipe } from './recipe.ts'
import { lazyStack } from './stack.ts'

/** The globalSetup of a project whose tests use the stack. Boots nothing; ends the run in one line without an engine. */
export function serveStack(recipe: StackRecipe): (project: TestProject) => Promise<() => Promise<void>> {
  return async (project) => {
    await refuseWithoutEngine()
    const owner = claimOwnership()
    const reaper = startReaper(owner.run)
    const journal = openJournal()
    const stack = lazyStack(owner, recipe, journal)
    const broker = await openBroker(stack, recipe, journal, () => void bootForecast(project, stack))
    project.provide('broker', broker.path)
    project.provide('fault', null)
    project.onTestsRerun(async () => stack.renew())
    return async () => {
      journal.close()
      await stack.close()
      await broker[Symbol.asyncDispose]()
      await reaper.end()
    }
  }
}

/** Exits here, because Vitest would print a stack trace around an error of a global set-up. */
async function refuseWithoutEngine(): Promise<void> {
  try {
    await findEngine()
  } catch (error) {
    if (!(error instanceof Trouble)) throw error
    process.stderr.write(`${error.line}\n`)
    process.exit(error.exitCode)
  }
}

/** Started before anything is on the engine; see services/reaper.ts. */
function startReaper(run: string): { end(): Promise<void> } {
  const entry = join(import.meta.dirname, '../services/reaper.ts')
  const child = spawn(process.execPath, [entry, run], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  child.unref()
  return {
    async end() {
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.ref()
      child.stdin.end()
      await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, 20_000).unref())])
    },
  }
}
