// The command status.
import type pg from 'pg'
import { type Difference, readBaselineState, readDrift } from './drift.ts'
import { readMigrations, readPrelude } from './files.ts'
import { inspect, namesOf, type Program, wantedGroups } from './inspect.ts'
import type { OptionsFor } from './options.ts'
import { type Comparison, statusExitCode } from './plan.ts'
import { stateOfPrelude } from './prelude.ts'
import { openSession, withSession } from './session.ts'

/** Reports what is applied, pending, inconsistent or drifted; changes nothing. */
export async function status(
  { environment, output }: Program,
  options: OptionsFor<'status'>,
): Promise<number> {
  const files = readMigrations(options.migrations)
  const prelude = readPrelude(options.migrations)
  return withSession(openSession(environment.url), async (client) => {
    const { ledger, comparison } = await inspect(client, files, wantedGroups(options, environment))
    const preludeState = await stateOfPrelude(client, prelude)
    const drift = await driftOrNoBaseline(client, ledger.length > 0)
    output.result({ applied: namesOf(ledger), ...comparison, prelude: preludeState, drift }, [
      ...describeStatus(comparison, ledger.length, drift),
      ...(preludeState === 'current' ? [] : [`roles.sql, access.sql, database.sql: ${preludeState}`]),
    ])
    return statusExitCode(comparison, { isPending: preludeState !== 'current', hasDrift: drift.length > 0 })
  })
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
