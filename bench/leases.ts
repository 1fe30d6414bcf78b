// What a database of one's own costs: ours against the obvious alternatives, in one run on one machine.
import { setTimeout as pause } from 'node:timers/promises'
import { PostgreSqlContainer } from '@testcontainers/postgresql'
import { type BrokerClient, openPrefetch, openStandaloneBroker, type Prefetch } from '../harness/setup.ts'
import { stackDefinition } from '../specs/stack-definition.ts'
import { resolveImage } from '../stack/images/resolve.ts'
import { print, printHeader, printRatio, repeat, timeOf } from './figures.ts'

const BOOTS = 5
const LEASES_PER_WORKER = 150
const TEST_MS = 25
const RESTORES = 10

/** Prints boot, lease and saturation figures, then the alternatives, then the ratios. */
export async function benchLeases(): Promise<void> {
  printHeader("A database of one's own")
  const boot = print('ours: boot to first leased database', await repeat(BOOTS, bootOnce))
  const { waits, perSecond } = await leaseForAWhile()
  const lease = print(`ours: lease wait, 2 workers, ${TEST_MS} ms tests`, waits)
  print('ours: fresh databases per second, saturated, 2 workers', perSecond, '/s')
  const alternative = await alternatives()
  const container = print('container per file: start and migrate', alternative.perFile)
  const restore = print('testcontainers restoreSnapshot', alternative.restores)
  printRatio('boot / container per file', boot.p50, container.p50, 'aim: below 1')
  printRatio('lease / container per file', lease.p50, container.p50, 'aim: below 0.01')
  printRatio('lease / restoreSnapshot', lease.p50, restore.p50, 'aim: below 0.05')
}

async function bootOnce(): Promise<number> {
  await using stack = await bootWorkers(1)
  return stack.bootMs
}

interface Worker {
  client: BrokerClient
  prefetch: Prefetch
}

interface Bench extends AsyncDisposable {
  workers: Worker[]
  bootMs: number
}

/** A stack of its own, gone again when disposed. */
async function bootWorkers(count: number): Promise<Bench> {
  const began = performance.now()
  const stack = await openStandaloneBroker(stackDefinition, count)
  const workers = Array.from({ length: count }, () => {
    const client = stack.connect()
    return { client, prefetch: openPrefetch(client, 'default') }
  })
  for (const worker of workers) await release(worker, await worker.prefetch.take())
  const bootMs = performance.now() - began
  return { workers, bootMs, [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose]() }
}

type Taken = Awaited<ReturnType<Prefetch['take']>>

/** As the fixture does after a test: without it the databases would pile up. */
async function release({ client }: Worker, { owner, lease }: Taken): Promise<void> {
  await owner.close()
  await client.request('release', { id: lease.id, keep: false })
}

async function leaseForAWhile(): Promise<{ waits: number[]; perSecond: number[] }> {
  await using stack = await bootWorkers(2)
  const waits: number[] = []
  const leaseCalmly = async (worker: Worker) => {
    for (let n = 0; n < LEASES_PER_WORKER; n++) {
      const taken = await worker.prefetch.take()
      waits.push(taken.waitedMs)
      await pause(TEST_MS)
      await release(worker, taken)
    }
  }
  await Promise.all(stack.workers.map(leaseCalmly))
  return { waits, perSecond: await repeat(BOOTS, () => saturate(stack.workers)) }
}

async function saturate(workers: Worker[]): Promise<number> {
  const each = 40
  const took = await timeOf(() =>
    Promise.all(
      workers.map(async (worker) => {
        for (let n = 0; n < each; n++) await release(worker, await worker.prefetch.take())
      }),
    ),
  )
  return (each * workers.length * 1000) / took
}

async function alternatives(): Promise<{ perFile: number[]; restores: number[] }> {
  process.env.TESTCONTAINERS_RYUK_DISABLED = 'true'
  const { reference } = await resolveImage('hma-postgres')
  const restores: number[] = []
  const perFile = await repeat(BOOTS, async () => {
    const began = performance.now()
    const container = await new PostgreSqlContainer(reference)
      .withDatabase('app')
      .withUsername('postgres')
      .start()
    await stackDefinition.templates.default.build({ url: container.getConnectionUri(), name: 'app' })
    const took = performance.now() - began
    if (restores.length === 0) {
      await container.snapshot()
      restores.push(...(await repeat(RESTORES, () => timeOf(() => container.restoreSnapshot()))))
    }
    await container.stop()
    return took
  })
  return { perFile, restores }
}
