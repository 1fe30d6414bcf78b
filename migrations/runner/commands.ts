// What each command does, given a connection.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import { connect } from './connection.ts'
import type { Environment } from './environment.ts'
import { type Migration, readMigrations } from './files.ts'
import { type Difference, driftOf, isCatalogRemembered, rememberCatalog } from './fingerprint.ts'
import { ensureLedger, readLedger } from './ledger.ts'
import { takeLock } from './lock.ts'
import type { Options } from './options.ts'
import { type Comparison, compare, downTo, refuseBroken, statusExitCode, upTo } from './plan.ts'
import { EXIT, Refusal } from './refusal.ts'
import type { Report } from './report.ts'
import { ensureRoles } from './roles.ts'
import { runPlanned } from './umzug.ts'
import { replay } from './verify.ts'

export interface Session {
  client: pg.Client
  environment: Environment
  options: Options
  report: Report
}

/** Takes the database to the newest version, or to `--to`. */
export async function apply({ client, environment, options, report }: Session): Promise<number> {
  const files = readMigrations(options.folder)
  refuseUnknownGroups(files, options.groups)
  const names = files.map(({ name }) => name)
  if (options.dryRun) return printPlan(await planUp(client, files, options, names), 'up', report)
  await takeLock(client, options.lockWaitSeconds)
  await planUp(client, files, options, names)
  await ensureRoles(client, readFileSync(join(options.folder, 'roles.sql'), 'utf8'), environment.passwords)
  await ensureLedger(client)
  const plan = await planUp(client, files, options, names)
  await runPlanned(client, plan, 'up', report)
  if (plan.length > 0 || !(await isCatalogRemembered(client))) await rememberCatalog(client)
  const applied = plan.map(({ name }) => name)
  report.result({ applied }, [applied.length === 0 ? 'nothing to apply' : `${applied.length} applied`])
  return 0
}

async function planUp(
  client: pg.Client,
  files: Migration[],
  options: Options,
  names: string[],
): Promise<Migration[]> {
  const comparison = compare(files, await readLedger(client), options.groups)
  refuseBroken(comparison, options.allowOutOfOrder)
  return pick(files, upTo(comparison.pending, options.to, names))
}

/** Undoes the newest migration, or everything applied after `--to`. */
export async function down({ client, options, report }: Session): Promise<number> {
  const files = readMigrations(options.folder)
  if (!options.dryRun) await takeLock(client, options.lockWaitSeconds)
  const ledger = await readLedger(client)
  refuseBroken(compare(files, ledger, options.groups), true)
  const plan = pick(files, downTo(ledger, options.to))
  if (options.dryRun) return printPlan(plan, 'down', report)
  await runPlanned(client, plan, 'down', report)
  if (plan.length > 0) await rememberCatalog(client)
  const undone = plan.map(({ name }) => name)
  report.result({ undone }, [undone.length === 0 ? 'nothing to undo' : `${undone.length} undone`])
  return 0
}

/** Reports what is applied, pending, broken or drifted; changes nothing. */
export async function status({ client, options, report }: Session): Promise<number> {
  const files = readMigrations(options.folder)
  const ledger = await readLedger(client)
  const comparison = compare(files, ledger, options.groups)
  const drift = await readDrift(client, ledger.length > 0)
  report.result(
    { applied: ledger.map(({ name }) => name), ...comparison, drift },
    describe(comparison, ledger.length, drift),
  )
  return statusExitCode(comparison, drift.length > 0)
}

async function readDrift(client: pg.Client, hasLedger: boolean): Promise<Difference[]> {
  if (!hasLedger) return []
  if (await isCatalogRemembered(client)) return driftOf(client)
  return [
    {
      kind: 'ledger',
      identity: 'catalog not remembered: a runner was killed; apply remembers it',
      difference: 'changed',
    },
  ]
}

/** Replays the files in a scratch database and names every object in which the live catalog differs. */
export async function verify({ client, environment, options, report }: Session): Promise<number> {
  const files = readMigrations(options.folder)
  const ledger = await readLedger(client)
  refuseBroken(compare(files, ledger, options.groups), true)
  const applied = pick(
    files,
    ledger.filter(({ state }) => state === 'done').map(({ name }) => name),
  )
  const differences = await replay(client, (database) => connect(environment.url, database), applied)
  const lines = differences.map(({ kind, identity, difference }) => `${difference}: ${kind} ${identity}`)
  report.result({ differences }, lines.length === 0 ? ['the live catalog is what the files make'] : lines)
  return statusExitCode(compare([], [], new Set()), differences.length > 0)
}

function pick(files: Migration[], names: string[]): Migration[] {
  return names.flatMap((name) => files.find((file) => file.name === name) ?? [])
}

function printPlan(plan: Migration[], direction: 'up' | 'down', report: Report): number {
  const sql = plan.map((migration) => `-- ${migration.name}.${direction}.sql\n${migration[direction]}`)
  report.result({ plan: plan.map(({ name }) => name) }, sql)
  return 0
}

function refuseUnknownGroups(files: Migration[], groups: ReadonlySet<string>): void {
  const known = new Set(files.map(({ optIn }) => optIn))
  for (const group of groups) {
    if (!known.has(group))
      throw new Refusal(EXIT.usage, `No migration opts in to '${group}'.`, 'scripts/migrate.sh status')
  }
}

function describe(comparison: Comparison, applied: number, drift: Difference[]): string[] {
  const lists = Object.entries({ ...comparison, optIn: [] }).filter(([, names]) => names.length > 0)
  return [
    `${applied} applied, ${comparison.pending.length} pending`,
    ...lists.map(([what, names]) => `${what}: ${names.join(', ')}`),
    ...Object.entries(comparison.optIn).map(([group, state]) => `opt-in ${group}: ${state}`),
    ...drift.map(({ kind, identity, difference }) => `drift: ${kind} ${identity} ${difference}`),
  ]
}
