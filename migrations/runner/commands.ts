// The commands that change the database.
import type pg from 'pg'
import { acceptDrift, type Difference, readBaselineState, saveBaseline, saveDrift } from './drift.ts'
import type { Environment } from './environment.ts'
import { type Migration, readAfterApply, readMigrations, readPrelude } from './files.ts'
import { inspect, namesOf, type Program, wantedGroups } from './inspect.ts'
import { ensureLedger, type LedgerRow } from './ledger.ts'
import { requireLocale } from './locale.ts'
import { NO_LOCK, takeLock } from './lock.ts'
import type { OptionsFor } from './options.ts'
import type { Output } from './output.ts'
import { planDown, planGroupDown, planUp, requireConsistent, requireKnownGroups } from './plan.ts'
import { requirePrelude, runPrelude } from './prelude.ts'
import { type Direction, runScript } from './run.ts'
import { openSession, withSession } from './session.ts'

/** Takes the database to the newest version, or to `--to`. */
export async function apply({ environment, output }: Program, options: OptionsFor<'apply'>): Promise<number> {
  const files = readMigrations(options.migrations)
  const prelude = readPrelude(options.migrations)
  const afterApply = readAfterApply(options.migrations)
  const groups = wantedGroups(options, environment)
  requireKnownGroups(files, groups)
  if (options.dryRun) return showPlan(files, groups, { environment, output }, options)
  const { url, superuserUrl, passwords } = environment
  const preludeChanges = superuserUrl
    ? await runPrelude(superuserUrl, prelude, passwords, options.lockWait)
    : []
  return withSession(openSession(url), async (client) => {
    await requireLocale(client)
    await requirePrelude(client, prelude)
    await using _ = await takeLock(url, client, options.lockWait)
    const { comparison, migrator } = await inspect(client, files, groups, output)
    requireConsistent(comparison, options)
    const plan = planUp(files, comparison.pending, options.to, groups)
    const hasBaseline = await prepareBaseline(client, options.acceptDrift, preludeChanges, output)
    await ensureLedger(client)
    const applied = namesOf(plan)
    if (plan.length > 0 || preludeChanges.length > 0 || !hasBaseline)
      await runAndSaveBaseline(client, () => migrator.up(applied))
    const isNewest = plan.length === comparison.pending.length
    if (afterApply && isNewest) await runScript(client, { ...afterApply, settings: settingsOf(environment) })
    output.result({ applied }, [applied.length === 0 ? 'nothing to apply' : `${applied.length} applied`])
    return 0
  })
}

/** What apply would run. It changes nothing, so it needs neither the lock nor the superuser. */
function showPlan(
  files: Migration[],
  groups: ReadonlySet<string>,
  { environment, output }: Program,
  options: OptionsFor<'apply'>,
): Promise<number> {
  return withSession(openSession(environment.url), async (client) => {
    const { comparison } = await inspect(client, files, groups)
    requireConsistent(comparison, options)
    return printPlan(planUp(files, comparison.pending, options.to, groups), 'up', output)
  })
}

function settingsOf({ kind }: Environment): Record<string, string> {
  return kind === undefined ? {} : { 'hma.environment': kind }
}

/** Undoes the newest migration, everything applied after `--to`, or the opt-in group of `--without`. */
export async function down(
  { environment: { url }, output }: Program,
  options: OptionsFor<'down'>,
): Promise<number> {
  const files = readMigrations(options.migrations)
  return withSession(openSession(url), async (client) => {
    await using _ = options.dryRun ? NO_LOCK : await takeLock(url, client, options.lockWait)
    const { ledger, comparison, migrator } = await inspect(client, files, new Set(), output)
    requireConsistent(comparison, { allowOutOfOrder: true })
    const plan = planToUndo(files, ledger, options).reverse()
    if (options.dryRun) return printPlan(plan, 'down', output)
    const hasBaseline = await prepareBaseline(client, false, [], output)
    const undone = namesOf(plan)
    if (plan.length > 0 || !hasBaseline) await runAndSaveBaseline(client, () => migrator.down(undone))
    output.result({ undone }, [undone.length === 0 ? 'nothing to undo' : `${undone.length} undone`])
    return 0
  })
}

function planToUndo(
  files: Migration[],
  ledger: LedgerRow[],
  { to, without }: OptionsFor<'down'>,
): Migration[] {
  return without === undefined ? planDown(files, ledger, to) : planGroupDown(files, ledger, without)
}

/** Saves or accepts drift before anything is changed. False when a new baseline must be saved even if no migration runs. */
async function prepareBaseline(
  client: pg.Client,
  accept: boolean,
  preludeChanges: Difference[],
  output: Output,
): Promise<boolean> {
  const state = await readBaselineState(client)
  if (accept && state !== 'none') await acceptDrift(client)
  if (accept || state !== 'current') return false
  const objects = await saveDrift(client, preludeChanges)
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
