// The command status.
import type pg from 'pg'
import { type Difference, readBaselineState, readDrift } from './drift.ts'
import { readMigrations } from './files.ts'
import { type Context, inspect, namesOf, wantedGroups } from './inspect.ts'
import type { OptionsFor } from './options.ts'
import { type Comparison, statusExitCode } from './plan.ts'

/** Reports what is applied, pending, inconsistent or drifted; changes nothing. */
export async function status(context: Context, options: OptionsFor<'status'>): Promise<number> {
  const { client, environment, output } = context
  const files = readMigrations(options.migrations)
  const { ledger, comparison } = await inspect(context, files, wantedGroups(options, environment))
  const drift = await driftOrNoBaseline(client, ledger.length > 0)
  output.result(
    { applied: namesOf(ledger), ...comparison, drift },
    describeStatus(comparison, ledger.length, drift),
  )
  return statusExitCode(comparison, drift.length > 0)
}

async function driftOrNoBaseline(client: pg.Client, hasLedgerRows: boolean): Promise<Difference[]> {
  const state = await readBaselineState(client)
  if (state === 'current') return readDrift(client)
  if (state === 'none' && !hasLedgerRows) return []
  const identity = 'catalog not saved: a runner was killed; apply saves it'
  return [{ kind: 'ledger', identity, difference: 'changed' }]
}

function describeStatus(comparison: Comparison, applied: number, drift: Difference[]): string[] {
  const { optIn, ...lists } = comparison
  const named = Object.entries(lists).filter(([, names]) => names.length > 0)
  return [
    `${applied} applied, ${comparison.pending.length} pending`,
    ...named.map(([what, names]) => `${what}: ${names.join(', ')}`),
    ...Object.entries(optIn).map(([group, state]) => `opt-in ${group}: ${state}`),
    ...drift.map(({ kind, identity, difference }) => `drift: ${kind} ${identity} ${difference}`),
  ]
}
