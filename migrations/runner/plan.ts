// Compares the files with the ledger, and selects what a command runs. Pure functions.
import { CliError, EXIT } from '../../config/cli-error.ts'
import type { Migration } from './files.ts'
import type { LedgerRow } from './ledger.ts'

export interface Comparison {
  pending: string[]
  /** The file, or the ledger row, has changed since the migration was applied. */
  edited: string[]
  /** Applied, but the file does not exist. */
  missing: string[]
  /** Pending, although a later migration of the same group is applied. */
  outOfOrder: string[]
  /** Started without a transaction and never finished. */
  interrupted: string[]
  /** Opt-in groups and whether they are applied. */
  optIn: Record<string, 'applied' | 'not applied' | 'partly applied'>
}

/** Exit code of `status`: 0 when clean, else 32 plus these bits. */
export const STATUS_BITS = { pending: 1, edited: 2, missing: 4, outOfOrder: 8, drift: 16 } as const

/** Without the migrations of opt-in groups that are neither wanted nor begun. */
export function mayApply(files: Migration[], ledger: LedgerRow[], groups: ReadonlySet<string>): Migration[] {
  const known = new Set(ledger.map(({ name }) => name))
  return files.filter(({ name, optIn }) => optIn === null || groups.has(optIn) || known.has(name))
}

/** `pending` and `executed` are what Umzug says of the files that may be applied. */
export function compare(
  files: Migration[],
  ledger: LedgerRow[],
  { pending, executed }: { pending: string[]; executed: string[] },
): Comparison {
  const rows = new Map(ledger.map((row) => [row.name, row]))
  const done = files.filter(({ name }) => executed.includes(name))
  const due = files.filter(({ name }) => pending.includes(name))
  return {
    pending,
    edited: done.filter((file) => isEdited(file, rows.get(file.name))).map(({ name }) => name),
    missing: ledger.filter(({ name }) => !files.some((file) => file.name === name)).map(({ name }) => name),
    outOfOrder: due
      .filter((file) => done.some((other) => isLaterInGroup(other, file)))
      .map(({ name }) => name),
    interrupted: ledger.filter(({ state }) => state === 'started').map(({ name }) => name),
    optIn: groupStates(files, done),
  }
}

function isEdited({ checksum }: Migration, row: LedgerRow | undefined): boolean {
  return row?.checksum !== checksum || !row.chained
}

function isLaterInGroup(other: Migration, file: Migration): boolean {
  return other.optIn === file.optIn && other.number > file.number
}

function groupStates(files: Migration[], done: Migration[]): Comparison['optIn'] {
  const states: Comparison['optIn'] = {}
  for (const group of new Set(files.flatMap(({ optIn }) => optIn ?? []))) {
    const total = files.filter(({ optIn }) => optIn === group).length
    const applied = done.filter(({ optIn }) => optIn === group).length
    states[group] = applied === 0 ? 'not applied' : applied === total ? 'applied' : 'partly applied'
  }
  return states
}

/** Throws CliError that names every edited, missing or out-of-order migration. */
export function requireConsistent(
  { edited, missing, outOfOrder }: Comparison,
  { allowOutOfOrder }: { allowOutOfOrder: boolean },
): void {
  if (edited.length > 0)
    throw inconsistent(
      { edited },
      'edited after they were applied',
      'restore them and write a new migration.',
    )
  if (missing.length > 0)
    throw inconsistent({ missing }, 'applied, but their files are missing', 'restore those files.')
  if (outOfOrder.length > 0 && !allowOutOfOrder) {
    const next = 'renumber them, or pass --allow-out-of-order.'
    throw inconsistent({ outOfOrder }, 'out of order: later ones are applied', next)
  }
}

function inconsistent(facts: Record<string, string[]>, what: string, next: string): CliError {
  const names = Object.values(facts).flat().join(', ')
  return new CliError({ what: `${names}: ${what}.`, next, exitCode: EXIT.refused, facts })
}

/** The exit code of `status`. `isPending`: the prelude is. */
export function statusExitCode(
  { pending, edited, missing, outOfOrder }: Comparison,
  { isPending = false, hasDrift }: { isPending?: boolean; hasDrift: boolean },
): number {
  const bits =
    (pending.length > 0 || isPending ? STATUS_BITS.pending : 0) |
    (edited.length > 0 ? STATUS_BITS.edited : 0) |
    (missing.length > 0 ? STATUS_BITS.missing : 0) |
    (outOfOrder.length > 0 ? STATUS_BITS.outOfOrder : 0) |
    (hasDrift ? STATUS_BITS.drift : 0)
  return bits === 0 ? 0 : 32 + bits
}

/** Of the pending ones: all, none for `0`, or up to and including `to`. Throws CliError when `to` cannot be reached. */
export function planUp(
  files: Migration[],
  pending: string[],
  to: string | undefined,
  groups: ReadonlySet<string>,
): Migration[] {
  const due = files.filter(({ name }) => pending.includes(name))
  if (to === undefined) return due
  if (to === '0') return []
  const target = files.find(({ name, number }) => to === name || to === number)
  if (!target) throw misuse(`There is no migration called ${to}.`)
  const { name, optIn } = target
  if (optIn !== null && !groups.has(optIn))
    throw misuse(`${name} is applied only with --with ${optIn}.`, `pass --with ${optIn}.`)
  return due.filter((file) => file.name <= name)
}

/** Everything applied after `to`, everything for `0`, or the newest alone without `to`. In order of application. */
export function planDown(files: Migration[], ledger: LedgerRow[], to: string | undefined): Migration[] {
  const applied = ledger.flatMap(({ name }) => files.find((file) => file.name === name) ?? [])
  if (to === undefined) return applied.slice(-1)
  if (to === '0') return applied
  const last = applied.findIndex(({ name, number }) => to === name || to === number)
  if (last === -1) throw misuse(`${to} is not applied.`)
  return applied.slice(last + 1)
}

/** What is applied of an opt-in group. Throws CliError when no such group exists. */
export function planGroupDown(files: Migration[], ledger: LedgerRow[], group: string): Migration[] {
  requireKnownGroups(files, new Set([group]))
  return planDown(files, ledger, '0').filter(({ optIn }) => optIn === group)
}

/** Throws CliError for a group that no file opts in to. */
export function requireKnownGroups(files: Migration[], groups: ReadonlySet<string>): void {
  const known = new Set(files.map(({ optIn }) => optIn))
  for (const group of groups) if (!known.has(group)) throw misuse(`No migration opts in to '${group}'.`)
}

function misuse(what: string, next = 'scripts/migrate.sh status'): CliError {
  return new CliError({ what, next, exitCode: EXIT.usage })
}
