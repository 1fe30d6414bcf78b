// A broker and its stack outside of a test run, for benchmarks. It prints nothing.
import { claimOwnership } from '../../stack/engine/ownership.ts'
import { ignorePostgresVariables } from '../containers/postgres-client.ts'
import { makeRunFolder } from '../containers/run-folder.ts'
import { sweepRun } from '../containers/sweep.ts'
import { openBroker } from './broker.ts'
import { type BrokerClient, connectToBroker } from './client.ts'
import { createStack } from './stack.ts'
import type { StackDefinition } from './stack-definition.ts'
import { openStackReport } from './stack-report.ts'

export interface StandaloneBroker extends AsyncDisposable {
  /** One more worker. */
  connect(): BrokerClient
}

/** Starts no container yet; `workers` is how many databases are in use at once. Disposing it removes everything. */
export async function openStandaloneBroker(
  definition: StackDefinition,
  workers: number,
): Promise<StandaloneBroker> {
  ignorePostgresVariables()
  const owner = claimOwnership()
  const report = openStackReport(owner.run, { print: () => {} })
  const onServerLost = async () => new Error('the database server is lost')
  const stack = createStack({ owner, definition, report, workers, onServerLost })
  const { roles } = definition
  const broker = await openBroker({ folder: makeRunFolder(owner), stack, report, roles, maxKept: 0 })
  return {
    connect: () => connectToBroker(broker.path),
    async [Symbol.asyncDispose]() {
      await stack.databases.close()
      await broker[Symbol.asyncDispose]()
      await sweepRun(owner.run)
    },
  }
}
