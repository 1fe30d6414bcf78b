// A stack for a bench alone: booted through the same broker that specs use, silent, and gone again when disposed.
import { openBroker } from '../harness/broker/broker.ts'
import { type BrokerClient, connectToBroker } from '../harness/broker/client.ts'
import { openJournal } from '../harness/broker/journal.ts'
import { lazyStack } from '../harness/broker/stack.ts'
import { makeRunFolder } from '../harness/containers/run-folder.ts'
import { sweepRun } from '../harness/containers/sweep.ts'
import { recipe } from '../specs/recipe.ts'
import { claimOwnership } from '../stack/engine/ownership.ts'

export interface BenchStack extends AsyncDisposable {
  /** One more worker of this stack. */
  connect(): BrokerClient
}

/** Boots nothing yet; `workers` is how many databases are in use at once. */
export async function openBenchStack(workers: number): Promise<BenchStack> {
  const owner = claimOwnership()
  const journal = { ...openJournal(owner.run), say: () => {}, booted: () => {} }
  const onLost = async () => new Error('the server is gone')
  const stack = lazyStack({ owner, recipe, journal, workers, onLost })
  const { roles } = recipe
  const broker = await openBroker({ folder: makeRunFolder(owner), stack, journal, roles, keepMost: 0 })
  return {
    connect: () => connectToBroker(broker.path),
    async [Symbol.asyncDispose]() {
      await stack.databases.close()
      await broker[Symbol.asyncDispose]()
      await sweepRun(owner.run)
    },
  }
}
