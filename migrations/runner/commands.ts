// The commands that change the database.
import type pg from 'pg'
import { acceptDrift, readBaselineState, saveBaseline, saveDrift } from './drift.ts'
import type { Environment } from './environment.ts'
import { type Migration, readAfterApply, readMigrations, readRoles } from './files.ts'
import { type Context, inspect, namesOf, wantedGroups } from './inspect.ts'
import { ensureLedger } from './ledger.ts'
import { takeLock } from './lock.ts'
import type { OptionsFor } from './options.ts'
import type { Output } from './output.ts'
import { planDown, planGroupDown, planUp, requireConsistent, requireKnownGroups } from './plan.ts'
import { ensureRoles } from './roles.ts'
import { type Direction, runScript } from './run.ts'

/** Takes the database to the newest version, or to `--to`. */
export async function apply(context: Context, options: OptionsFor<'apply'>): Promise<number> {
  const { client, environment, output } = context
  const files = readMigrations(options.migrations)
  const roles = readRoles(options.migrations)
  const afterApply = readAfterApply(options.migrations)
  const groups = wantedGroups(options, environment)
  requireKnownGroups(files, groups)
  if (!options.dryRun) await takeLock(client, options.lockWait)
  const { comparison, migrator } = await inspect(context, files, groups)
  requireConsistent(comparison, options)
  const plan = planUp(files, comparison.pending, options.to, groups)
  if (options.dryRun) return printPlan(plan, 'up', output)
  const hasBaseline = await prepareBaseline(client, options.acceptDrift, output)
  const haveRolesChanged = await ensureRoles(client, roles, environment.passwords)
  await ensureLedger(client)
  const applied = namesOf(plan)
  if (plan.length > 0 || haveRolesChanged || !hasBaseline)
    await runAndSaveBaseline(client, () => migrator.up(applied))
  const isNewest = plan.length === comparison.pending.length
  if (afterApply && isNewest) await runScript(client, { ...afterApply, settings: settingsOf(environment) })
  output.result({ applied }, [applied.length === 0 ? 'nothing to apply' : `${applied.length} applied`])
  return 0
}

function settingsOf({ kind }: Environment): Record<string, string> {
  return kind === undefined ? {} : { 'hma.environment': kind }
}

/** Undoes the newest migration, everything applied after `--to`, or the opt-in group of `--without`. */
export async function down(context: Context, options: OptionsFor<'down'>): Promise<number> {
  const { client, output } = context
  const { to, without } = options
  const files = readMigrations(options.migrations)
  if (!options.dryRun) await takeLock(client, options.lockWait)
  const { ledger, comparison, migrator } = await inspect(context, files, new Set())
  requireConsistent(comparison, { allowOutOfOrder: true })
  const plan = without === undefined ? planDown(files, ledger, to) : planGroupDown(files, ledger, without)
  plan.reverse()
  if (options.dryRun) return printPlan(plan, 'down', output)
  const hasBaseline = await prepareBaseline(client, false, output)
  const undone = namesOf(plan)
  if (plan.length > 0 || !hasBaseline) await runAndSaveBaseline(client, () => migrator.down(undone))
  output.result({ undone }, [undone.length === 0 ? 'nothing to undo' : `${undone.length} undone`])
  return 0
}

/** Saves or accepts drift before anything is changed. False when a new baseline must be saved even if no migration runs. */
async function prepareBaseline(client: pg.Client, accept: boolean, output: Output): Promise<boolean> {
  const state = await readBaselineState(client)
  if (accept && state !== 'none') await acceptDrift(client)
  if (accept || state !== 'current') return false
  const objects = await saveDrift(client)
  if (objects > 0)
    output.progress({ event: 'drift', objects }, `${objects} objects had drifted and remain so`)
  return true
}

/** Runs migrations, then saves the baseline, also when one of them fails. */
async function runAndSaveBaseline(client: pg.Client, run: () => Promise<void>): Promise<void> {
  try {
    await run()
  } catch (error) {
    await saveBaseline(client).catch(() => {})
    throw error
  }
  await saveBaseline(client)
}

function printPlan(plan: Migration[], direction: Direction, output: Output): number {
  const sql = plan.map((migration) => `-- ${migration.name}.${direction}.sql\n${migration[direction]}`)
  output.result({ plan: namesOf(plan) }, sql)
  return 0
}
