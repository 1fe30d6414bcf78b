// Compares the files with the ledger. Pure: what may run, and what forbids it.

import { CliError, EXIT } from '../../config/cli-error.ts'
import type { Migration } from './files.ts'
import type { LedgerRow } from './ledger.ts'

export interface Comparison {
  pending: string[]
  /** The file, or the ledger's row, is not what it was when the migration was applied. */
  edited: string[]
  missing: string[]
  /** Pending, though a later one of the same group is applied. */
  outOfOrder: string[]
  /** Started without a transaction and never finished. */
  interrupted: string[]
  /** Opt-in groups and whether they are applied. */
  optIn: Record<string, 'applied' | 'not applied' | 'partly applied'>
}

/** Exit code of `status`: 0 when clean, else 32 plus these bits. */
export const STATUS_BITS = { pending: 1, edited: 2, missing: 4, outOfOrder: 8, drift: 16 } as const

/** What the ledger says about the files; opt-in groups that nobody asked for are not pending. */
export function compare(files: Migration[], ledger: LedgerRow[], wanted: ReadonlySet<string>): Comparison {
  const applied = new Map(ledger.map((row) => [row.name, row]))
  const done = files.filter(({ name }) => applied.get(name)?.state === 'done')
  const open = files.filter(({ name }) => applied.get(name)?.state !== 'done')
  const due = open.filter(({ name, optIn }) => optIn === null || wanted.has(optIn) || applied.has(name))
  return {
    pending: due.map(({ name }) => name),
    edited: done.filter((file) => isEdited(file, applied.get(file.name))).map(({ name }) => name),
    missing: ledger.filter(({ name }) => !files.some((file) => file.name === name)).map(({ name }) => name),
    outOfOrder: due
      .filter((file) => done.some((other) => isLaterInGroup(other, file)))
      .map(({ name }) => name),
    interrupted: ledger.filter(({ state }) => state === 'started').map(({ name }) => name),
    optIn: groupsOf(files, done),
  }
}

function isEdited({ checksum }: Migration, row: LedgerRow | undefined): boolean {
  return row?.checksum !== checksum || !row.chained
}

function isLaterInGroup(other: Migration, file: Migration): boolean {
  return other.optIn === file.optIn && other.number > file.number
}

function groupsOf(files: Migration[], done: Migration[]): Comparison['optIn'] {
  const groups: Comparison['optIn'] = {}
  for (const group of new Set(files.flatMap(({ optIn }) => optIn ?? []))) {
    const all = files.filter(({ optIn }) => optIn === group).length
    const have = done.filter(({ optIn }) => optIn === group).length
    groups[group] = have === 0 ? 'not applied' : have === all ? 'applied' : 'partly applied'
  }
  return groups
}

/** Throws CliError naming every edited, missing or out-of-order migration. */
export function refuseBroken(
  { edited, missing, outOfOrder }: Comparison,
  { allowOutOfOrder }: { allowOutOfOrder: boolean },
): void {
  const refuse = (what: string, names: string[], next: string, fact: string) => {
    throw new CliError({
      what: `${names.join(', ')}: ${what}.`,
      next,
      exitCode: EXIT.refused,
      facts: { [fact]: names },
    })
  }
  if (edited.length > 0)
    refuse('edited after they were applied', edited, 'restore them and write a new migration.', 'edited')
  if (missing.length > 0)
    refuse('applied, but their files are missing', missing, 'restore those files.', 'missing')
  if (outOfOrder.length > 0 && !allowOutOfOrder) {
    const next = 'renumber them, or pass --allow-out-of-order.'
    refuse('out of order: later ones are applied', outOfOrder, next, 'outOfOrder')
  }
}

/** The exit code of `status` for a comparison and whether the catalog drifted. */
export function statusExitCode(
  { pending, edited, missing, outOfOrder }: Comparison,
  drifted: boolean,
): number {
  const bits =
    (pending.length > 0 ? STATUS_BITS.pending : 0) |
    (edited.length > 0 ? STATUS_BITS.edited : 0) |
    (missing.length > 0 ? STATUS_BITS.missing : 0) |
    (outOfOrder.length > 0 ? STATUS_BITS.outOfOrder : 0) |
    (drifted ? STATUS_BITS.drift : 0)
  return bits === 0 ? 0 : 32 + bits
}

/** Of the pending: everything, nothing for `0`, or up to and including `to`. Throws CliError for what is not to be had. */
export function upTo(
  files: Migration[],
  pending: string[],
  to: string | undefined,
  wanted: ReadonlySet<string>,
): Migration[] {
  const due = files.filter(({ name }) => pending.includes(name))
  if (to === undefined) return due
  if (to === '0') return []
  const target = files.find(({ name, number }) => to === name || to === number)
  if (!target) throw unknown(`There is no migration called ${to}.`)
  const { name, optIn } = target
  if (optIn !== null && !wanted.has(optIn))
    throw unknown(`${name} is applied only with --with ${optIn}.`, `pass --with ${optIn}.`)
  return due.filter((file) => file.name <= name)
}

/** Everything applied after `to`, or all that is applied for `0`, or the newest alone. In order of application. */
export function downTo(files: Migration[], ledger: LedgerRow[], to: string | undefined): Migration[] {
  const applied = ledger.flatMap(({ name }) => files.find((file) => file.name === name) ?? [])
  if (to === undefined) return applied.slice(-1)
  if (to === '0') return applied
  const last = applied.findIndex(({ name, number }) => to === name || to === number)
  if (last === -1) throw unknown(`${to} is not applied.`)
  return applied.slice(last + 1)
}

/** What is applied of an opt-in group. Throws CliError when there is no such group. */
export function groupIn(files: Migration[], ledger: LedgerRow[], group: string): Migration[] {
  refuseUnknownGroups(files, new Set([group]))
  return downTo(files, ledger, '0').filter(({ optIn }) => optIn === group)
}

/** Throws CliError for a group that no file opts in to. */
export function refuseUnknownGroups(files: Migration[], groups: ReadonlySet<string>): void {
  const known = new Set(files.map(({ optIn }) => optIn))
  for (const group of groups) if (!known.has(group)) throw unknown(`No migration opts in to '${group}'.`)
}

function unknown(what: string, next = 'scripts/migrate.sh status'): CliError {
  return new CliError({ what, next, exitCode: EXIT.usage })
}
