// What the audit costs: the same work on users without audit, with ours, and with a row trigger as common designs have it. One
// server with production's durability, on a disk; the three take turns, so that a busy machine slows all of them.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { getContainerRuntimeClient } from 'testcontainers'
import { createNetwork, type PostgresServer, startPostgres, sweepRun } from '../harness/setup.ts'
import { stackDefinition } from '../specs/stack-definition.ts'
import { claimOwnership } from '../stack/engine/ownership.ts'
import { resolveImage } from '../stack/images/resolve.ts'
import { print, printHeader, printRatio, spreadOf, timeOf } from './figures.ts'

const RUNS = 7
const ROWS = 100_000
const CLIENTS = 8
const SECONDS = 5
const PEOPLE = 10_000
const DESIGNS = ['none', 'ours', 'rows'] as const
const NAMES = { none: 'no audit', ours: 'ours', rows: 'row trigger' }
type Design = (typeof DESIGNS)[number]
type Samples = Record<Design, number[]>

const AUDIT_TRIGGERS = ['inserts_are_audited', 'updates_are_audited', 'deletes_are_audited']

const insert = (rows: number) => `insert into auth.users (id, email, password_hash, date_of_birth)
  select md5(n::text)::uuid, 'p' || n || '@example.org', repeat('x', 97), date '1990-01-01' from generate_series(1, ${rows}) n`
const UPDATE = `\\set n random(1, ${PEOPLE})
update auth.users set password_hash = md5(random()::text) where id = md5(:n::text)::uuid;`

/** Prints a bulk insert and single-row updates by eight clients, each with its spread, and the overheads as ratios. */
export async function benchAudit(): Promise<void> {
  printHeader(`Audit, ${ROWS.toLocaleString('en')} users inserted, then updates by ${CLIENTS} clients`)
  const owner = claimOwnership()
  try {
    const [image, network] = await Promise.all([resolveImage('hma-postgres'), createNetwork(owner)])
    const server = await startPostgres(owner, { image, network, password: 'bench', profile: 'durable' })
    await using admin = await connect(server, 'postgres')
    await prepareDesigns(admin, server)
    await benchInsert(admin, server)
    await benchUpdates(admin, server)
  } finally {
    await sweepRun(owner.run)
  }
}

/** A template for each design. All come from one that is migrated as users migrate. */
async function prepareDesigns(admin: Client, server: PostgresServer): Promise<void> {
  await admin.query('create database ours')
  await stackDefinition.templates.default.build({ url: urlOf(server, 'ours'), name: 'ours' })
  await admin.query('create database none template ours')
  await change(server, 'none', AUDIT_TRIGGERS.map((name) => `drop trigger ${name} on auth.users`).join(';'))
  await admin.query('create database rows template none')
  await change(server, 'rows', readFileSync(join(import.meta.dirname, 'row-trigger.sql'), 'utf8'))
}

async function benchInsert(admin: Client, server: PostgresServer): Promise<void> {
  const wall: Samples = { none: [], ours: [], rows: [] }
  const cpu: Samples = { none: [], ours: [], rows: [] }
  await takeTurns(admin, async (design, database) => {
    await using client = await connect(server, database)
    const statement = watchCpu(client)
    await client.query(`checkpoint; set client_min_messages = log; set log_statement_stats = on`)
    wall[design].push(await timeOf(() => client.query(insert(ROWS))))
    cpu[design].push(statement.milliseconds())
  })
  report('insert', 'ms', wall)
  report('insert, processor time of the server', 'ms', cpu)
  printOverhead('insert: overhead of ours / of a row trigger', wall)
  printOverhead('insert: the same in processor time', cpu)
}

async function benchUpdates(admin: Client, server: PostgresServer): Promise<void> {
  const perSecond: Samples = { none: [], ours: [], rows: [] }
  await takeTurns(admin, async (design, database) => {
    await change(server, database, `${insert(PEOPLE)}; vacuum analyze auth.users; checkpoint`.split('; '))
    perSecond[design].push(await pgbench(server, database))
  })
  report(`updates by ${CLIENTS} clients`, '/s', perSecond)
  const { none, ours, rows } = perSecond
  printRatio('updates: ours / no audit', spreadOf(ours).p50, spreadOf(none).p50, 'reported')
  printRatio('updates: row trigger / no audit', spreadOf(rows).p50, spreadOf(none).p50, 'for comparison')
}

/** Each run gives every design a fresh database, in an order that moves on. The first run warms the server and does not count. */
async function takeTurns(
  admin: Client,
  work: (design: Design, database: string) => Promise<void>,
): Promise<void> {
  for (let run = 0; run < RUNS; run++) {
    for (let turn = 0; turn < DESIGNS.length; turn++) {
      const design = DESIGNS[(run + turn) % DESIGNS.length] as Design
      await admin.query(`create database turn template ${design}`)
      await work(design, 'turn')
      await admin.query('drop database turn with (force)')
    }
  }
}

function report(what: string, unit: string, samples: Samples): void {
  for (const design of DESIGNS) print(`${what}: ${NAMES[design]}`, samples[design], unit)
}

/** Run by run, because a run's three measurements stand close together in time. */
function printOverhead(what: string, { none, ours, rows }: Samples): void {
  const over = (samples: number[]) => samples.map((value, run) => value - (none[run] ?? Number.NaN))
  const theirs = over(rows)
  const ratios = over(ours).map((value, run) => value / (theirs[run] ?? Number.NaN))
  print(`${what}, run by run`, ratios, 'x')
  printRatio(what, spreadOf(over(ours)).p50, spreadOf(theirs).p50, 'aim: at most 0.5')
}

/** What the server says the last statement took of the processor, its own and the kernel's. */
function watchCpu(client: pg.Client): { milliseconds: () => number } {
  let last = Number.NaN
  client.on('notice', ({ detail = '', message = '' }) => {
    const [, user, system] =
      /([\d.]+) s user, ([\d.]+) s system, [\d.]+ s elapsed/.exec(`${message} ${detail}`) ?? []
    if (user !== undefined) last = (Number(user) + Number(system)) * 1000
  })
  return { milliseconds: () => last }
}

/** Transactions per second. Throws when pgbench does not end well. */
async function pgbench(server: PostgresServer, database: string): Promise<number> {
  const { container } = await getContainerRuntimeClient()
  const words = `pgbench -n -M prepared -c ${CLIENTS} -j 2 -T ${SECONDS} -f /tmp/update.sql -U ${server.user} ${database}`
  const command = ['bash', '-c', `cat > /tmp/update.sql <<'END'\n${UPDATE}\nEND\n${words}`]
  const { output, exitCode } = await container.exec(container.getById(server.container.id), command)
  const [, perSecond] = /tps = ([\d.]+)/.exec(output) ?? []
  if (exitCode !== 0 || perSecond === undefined) throw new Error(`pgbench: ${output}`)
  return Number(perSecond)
}

type Client = pg.Client & AsyncDisposable

async function connect(server: PostgresServer, database: string): Promise<Client> {
  const client = new pg.Client({ connectionString: urlOf(server, database) })
  await client.connect()
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() })
}

async function change(
  server: PostgresServer,
  database: string,
  statements: string | string[],
): Promise<void> {
  await using client = await connect(server, database)
  for (const statement of [statements].flat()) await client.query(statement)
}

function urlOf({ user, password, host, port }: PostgresServer, database: string): string {
  return `postgres://${user}:${password}@${host}:${port}/${database}`
}
