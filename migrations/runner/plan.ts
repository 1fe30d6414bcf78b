// Compares the files with the ledger. Pure: what may run, and what forbids it.

import type { Migration } from './files.ts'
import type { LedgerRow } from './ledger.ts'
import { EXIT, Refusal } from './refusal.ts'

export interface Comparison {
  pending: string[]
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
  const open = files.filter(({ name }) => !applied.has(name) || applied.get(name)?.state === 'started')
  const due = open.filter(({ name, optIn }) => optIn === null || wanted.has(optIn) || applied.has(name))
  return {
    pending: due.map(({ name }) => name),
    edited: done
      .filter(({ name, checksum }) => applied.get(name)?.checksum !== checksum)
      .map(({ name }) => name),
    missing: ledger.filter(({ name }) => !files.some((file) => file.name === name)).map(({ name }) => name),
    outOfOrder: due
      .filter((file) => done.some((other) => isLaterInGroup(other, file)))
      .map(({ name }) => name),
    interrupted: ledger.filter(({ state }) => state === 'started').map(({ name }) => name),
    optIn: groupsOf(files, done),
  }
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

/** Throws Refusal naming every edited, missing or out-of-order migration. */
export function refuseBroken(comparison: Comparison, allowOutOfOrder: boolean): void {
  const { edited, missing, outOfOrder } = comparison
  if (edited.length > 0)
    refuse('edited after they were applied', edited, 'restore those files and write a new migration.')
  if (missing.length > 0) refuse('applied, but their files are missing', missing, 'restore those files.')
  if (outOfOrder.length > 0 && !allowOutOfOrder) {
    refuse('out of order: later ones are applied', outOfOrder, 'renumber them, or pass --allow-out-of-order.')
  }
}

function refuse(what: string, names: string[], next: string): never {
  throw new Refusal(EXIT.refused, `${names.join(', ')}: ${what}.`, next)
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

/** Everything due, or up to and including `to`. Throws Refusal when `to` is not among them. */
export function upTo(pending: string[], to: string | undefined, known: string[]): string[] {
  if (to === undefined) return pending
  if (!known.includes(to))
    throw new Refusal(EXIT.usage, `There is no migration called ${to}.`, 'scripts/migrate.sh status')
  return pending.filter((name) => name <= to)
}

/** What `down` undoes, newest first: one step, or everything applied after `to` (`0` means everything). */
export function downTo(ledger: LedgerRow[], to: string | undefined): string[] {
  const newestFirst = ledger.toSorted((a, b) => b.position - a.position).map(({ name }) => name)
  if (to === undefined) return newestFirst.slice(0, 1)
  if (to === '0') return newestFirst
  const stop = newestFirst.indexOf(to)
  if (stop === -1) throw new Refusal(EXIT.usage, `${to} is not applied.`, 'scripts/migrate.sh status')
  return newestFirst.slice(0, stop)
}
