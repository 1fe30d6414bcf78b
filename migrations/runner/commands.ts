// What each command does, given a connection.
import type pg from 'pg'
import { connect } from './connection.ts'
import type { Environment } from './environment.ts'
import { type Migration, readAfterApply, readMigrations, readRoles } from './files.ts'
import { acceptDrift, type Difference, driftOf, memoryOf, noteDrift, rememberCatalog } from './fingerprint.ts'
import { ensureLedger, readLedger } from './ledger.ts'
import { takeLock } from './lock.ts'
import type { Options } from './options.ts'
import {
  type Comparison,
  compare,
  downTo,
  groupIn,
  refuseBroken,
  refuseUnknownGroups,
  statusExitCode,
  upTo,
} from './plan.ts'
import type { Report } from './report.ts'
import { ensureRoles } from './roles.ts'
import { type Direction, runScript } from './run.ts'
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
  const roles = readRoles(options.folder)
  const afterApply = readAfterApply(options.folder)
  refuseUnknownGroups(files, options.groups)
  if (!options.dryRun) await takeLock(client, options.lockWaitSeconds)
  const comparison = compare(files, await readLedger(client), options.groups)
  refuseBroken(comparison, options)
  const plan = upTo(files, comparison.pending, options.to, options.groups)
  if (options.dryRun) return printPlan(plan, 'up', report)
  const isRemembered = await noteCatalog(client, options.acceptDrift, report)
  const haveRolesChanged = await ensureRoles(client, roles, environment.passwords)
  await ensureLedger(client)
  if (plan.length > 0 || haveRolesChanged || !isRemembered) await change(client, plan, 'up', report)
  const isNewest = plan.length === comparison.pending.length
  if (afterApply && isNewest) await runScript(client, { ...afterApply, settings: settingsOf(environment) })
  const applied = plan.map(({ name }) => name)
  report.result({ applied }, [applied.length === 0 ? 'nothing to apply' : `${applied.length} applied`])
  return 0
}

function settingsOf({ kind }: Environment): Record<string, string> {
  return kind === undefined ? {} : { 'hma.environment': kind }
}

/** Undoes the newest migration, everything applied after `--to`, or the opt-in group of `--without`. */
export async function down({ client, options, report }: Session): Promise<number> {
  const { to, without } = options
  const files = readMigrations(options.folder)
  if (!options.dryRun) await takeLock(client, options.lockWaitSeconds)
  const ledger = await readLedger(client)
  refuseBroken(compare(files, ledger, options.groups), { allowOutOfOrder: true })
  const plan = without === undefined ? downTo(files, ledger, to) : groupIn(files, ledger, without)
  plan.reverse()
  if (options.dryRun) return printPlan(plan, 'down', report)
  const isRemembered = await noteCatalog(client, false, report)
  if (plan.length > 0 || !isRemembered) await change(client, plan, 'down', report)
  const undone = plan.map(({ name }) => name)
  report.result({ undone }, [undone.length === 0 ? 'nothing to undo' : `${undone.length} undone`])
  return 0
}

/** Notes what has drifted before anything is changed. False when the catalog has to be remembered anew in any case. */
async function noteCatalog(client: pg.Client, accept: boolean, report: Report): Promise<boolean> {
  const memory = await memoryOf(client)
  if (accept && memory !== 'never') await acceptDrift(client)
  if (accept || memory !== 'fresh') return false
  const objects = await noteDrift(client)
  if (objects > 0) report.event({ event: 'drift', objects }, `${objects} objects had drifted, and stay so`)
  return true
}

/** Runs a plan and remembers the catalog that it left, also when only a part of it could be run. */
async function change(
  client: pg.Client,
  plan: Migration[],
  direction: Direction,
  report: Report,
): Promise<void> {
  // Umzug costs 50 ms to load, and only what changes something needs it.
  const { runPlanned } = await import('./umzug.ts')
  try {
    await runPlanned(client, plan, direction, report)
  } catch (error) {
    await rememberCatalog(client).catch(() => {})
    throw error
  }
  await rememberCatalog(client)
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
  const memory = await memoryOf(client)
  if (memory === 'fresh') return driftOf(client)
  if (memory === 'never' && !hasLedger) return []
  const identity = 'catalog not remembered: a runner was killed; apply remembers it'
  return [{ kind: 'ledger', identity, difference: 'changed' }]
}

/** Replays the files in a scratch database and names every object in which the live catalog differs. */
export async function verify({ client, environment, options, report }: Session): Promise<number> {
  const files = readMigrations(options.folder)
  await takeLock(client, options.lockWaitSeconds)
  const ledger = await readLedger(client)
  refuseBroken(compare(files, ledger, options.groups), { allowOutOfOrder: true })
  const applied = downTo(
    files,
    ledger.filter(({ state }) => state === 'done'),
    '0',
  )
  const differences = await replay(client, (database) => connect(environment.url, database), applied)
  const lines = differences.map(({ kind, identity, difference }) => `${difference}: ${kind} ${identity}`)
  report.result({ differences }, lines.length === 0 ? ['the live catalog is what the files make'] : lines)
  return statusExitCode(compare([], [], new Set()), differences.length > 0)
}

function printPlan(plan: Migration[], direction: Direction, report: Report): number {
  const sql = plan.map((migration) => `-- ${migration.name}.${direction}.sql\n${migration[direction]}`)
  report.result({ plan: plan.map(({ name }) => name) }, sql)
  return 0
}

function describe(comparison: Comparison, applied: number, drift: Difference[]): string[] {
  const { optIn, ...lists } = comparison
  const named = Object.entries(lists).filter(([, names]) => names.length > 0)
  return [
    `${applied} applied, ${comparison.pending.length} pending`,
    ...named.map(([what, names]) => `${what}: ${names.join(', ')}`),
    ...Object.entries(optIn).map(([group, state]) => `opt-in ${group}: ${state}`),
    ...drift.map(({ kind, identity, difference }) => `drift: ${kind} ${identity} ${difference}`),
  ]
}
