// Which backups stay. Periods are counted in backups that were verified, not in days: after an outage none is too old to stay.
import { CliError, EXIT } from '../../config/cli-error.ts'
import type { StoredBackup } from './backups.ts'

export type Dated = Pick<
  StoredBackup,
  'id' | 'takenAt' | 'bytes' | 'hasManifest' | 'isVerified' | 'isDisproven'
>

export interface Policy {
  /** Of so many days, weeks and months that have a verified backup, the newest of each stays. */
  daily: number
  weekly: number
  monthly: number
  /** So many of the newest verified backups stay, whatever their days. */
  newest: number
  /** Where a day begins. */
  zone: string
  /** Also where the newest backup is much smaller than those before it. */
  acceptSize: boolean
}

export interface Plan<B extends Dated> {
  keep: { backup: B; because: string[] }[]
  remove: B[]
}

/** Clocks of the database and of this machine may differ by so much. */
const CLOCKS_DIFFER_MS = 5 * 60_000
/** A newest backup below this share of the usual size has lost something, or was taken from something else. */
const SUSPICIOUS_SHARE = 0.5
/** Of the last so many before it. */
const COMPARED_WITH = 7

/** Newest first. Throws CliError (exit 4) where the newest backup is no reason to remove an older one. */
export function planRetention<B extends Dated>(backups: readonly B[], policy: Policy, now: Date): Plan<B> {
  const all = backups.toSorted((one, other) => other.takenAt.getTime() - one.takenAt.getTime())
  requireTrust(all, policy, now)
  const verified = all.filter(isTrusted)
  const reasons = reasonsFor(verified, policy)
  const keep = all.flatMap((backup) => {
    const because = isTrusted(backup) ? (reasons.get(backup) ?? []) : undoubted(backup)
    return because.length === 0 ? [] : [{ backup, because }]
  })
  const kept = new Set(keep.map(({ backup }) => backup))
  return { keep, remove: all.filter((backup) => !kept.has(backup)) }
}

function isTrusted({ isVerified, isDisproven }: Dated): boolean {
  return isVerified && !isDisproven
}

/**
 * What an upload that did not end has left is removed. A manifest that disagrees with its dump, or is of another version, stays, and so
 * does a backup that is not as it was: somebody has to find out why.
 */
function undoubted({ hasManifest }: Dated): string[] {
  return hasManifest ? ['damaged'] : []
}

function reasonsFor<B extends Dated>(verified: readonly B[], policy: Policy): Map<B, string[]> {
  const reasons = new Map<B, string[]>()
  const add = (backups: readonly B[], reason: string) => {
    for (const backup of backups) reasons.set(backup, [...(reasons.get(backup) ?? []), reason])
  }
  const dayOf = dayIn(policy.zone)
  add(verified.slice(0, policy.newest), 'newest')
  add(newestOfEach(verified, policy.daily, dayOf), 'daily')
  add(
    newestOfEach(verified, policy.weekly, (moment) => mondayOf(dayOf(moment))),
    'weekly',
  )
  add(
    newestOfEach(verified, policy.monthly, (moment) => dayOf(moment).slice(0, 7)),
    'monthly',
  )
  return reasons
}

function newestOfEach<B extends Dated>(
  backups: readonly B[],
  count: number,
  periodOf: (moment: Date) => string,
) {
  return [...Map.groupBy(backups, ({ takenAt }) => periodOf(takenAt)).values()]
    .slice(0, count)
    .flatMap(([newest]) => (newest === undefined ? [] : [newest]))
}

/** The calendar day of a moment: `2026-11-26`. */
function dayIn(timeZone: string): (moment: Date) => string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' })
  return (moment) => format.format(moment)
}

function mondayOf(day: string): string {
  const monday = new Date(`${day}T00:00:00Z`)
  monday.setUTCDate(monday.getUTCDate() - ((monday.getUTCDay() + 6) % 7))
  return monday.toISOString()
}

function requireTrust([newest, ...older]: readonly Dated[], { acceptSize }: Policy, now: Date): void {
  if (newest === undefined) return
  const refuse = (what: string, next: string) => {
    throw new CliError({ what, where: newest.id, next, exitCode: EXIT.refused })
  }
  if (newest.takenAt.getTime() > now.getTime() + CLOCKS_DIFFER_MS)
    refuse(`It is ${now.toISOString()}, and the newest backup is of later.`, 'set the clock right.')
  if (!newest.isVerified)
    refuse('The newest backup is not verified.', 'scripts/backup.sh, and read why it fails.')
  if (newest.isDisproven)
    refuse('The newest backup failed its restore test.', 'scripts/restore-test.sh says what is wrong.')
  const sizes = older.filter(isTrusted).map(({ bytes }) => bytes)
  const usual = medianOf(sizes.slice(0, COMPARED_WITH))
  if (!acceptSize && usual !== undefined && newest.bytes < SUSPICIOUS_SHARE * usual)
    refuse(
      `The newest backup has ${newest.bytes} bytes, and half of those before it have ${usual} or more.`,
      'compare it with the database; --accept-size removes nevertheless.',
    )
}

function medianOf(numbers: readonly number[]): number | undefined {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)]
}
