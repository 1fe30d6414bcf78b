// Years of backups, and what a model keeps of them.
import { join } from 'node:path'
import fc from 'fast-check'
import type { Project } from '../../harness/index.ts'
import type { Dated, Plan, Policy } from '../../ops/backup/retention.ts'

export type PlanRetention = (backups: readonly Dated[], policy: Policy, now: Date) => Plan<Dated>

/** Of the project's copy, so that a fault in it takes effect. */
export async function retentionOf(project: Project): Promise<PlanRetention> {
  const { planRetention } = await import(join(project.root, 'ops/backup/retention.ts'))
  return planRetention
}

export const POLICY: Policy = {
  daily: 7,
  weekly: 4,
  monthly: 6,
  newest: 3,
  zone: 'Europe/Berlin',
  acceptSize: false,
}
export const DAY_MS = 86_400_000
const MINUTE_MS = 60_000
/** Of a calendar, on which each is as long as the others. */
const MINUTES_OF_A_DAY = 1440

/** A day is its number since 1970, as a calendar counts it: without time zone, always as long as the others. */
export interface SimulatedBackup extends Dated {
  day: number
}

/** A verified backup at a local time of that day in Berlin. */
export function backupOn(day: number, minute = 150, more: Partial<Dated> = {}): SimulatedBackup {
  const takenAt = new Date(berlin(day, minute))
  return {
    id: takenAt.toISOString(),
    takenAt,
    bytes: 1000,
    hasManifest: true,
    isVerified: true,
    isDisproven: false,
    day,
    ...more,
  }
}

export function dayNumber(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY_MS
}

/** The moment at which the clocks of Berlin show this; by the rule of the European Union, and not by the system's zone data. */
function berlin(day: number, minute: number): number {
  const local = day * DAY_MS + minute * MINUTE_MS
  const year = new Date(local).getUTCFullYear()
  const lastSunday = (month: number) => {
    const last = Date.UTC(year, month, 0)
    return last - new Date(last).getUTCDay() * DAY_MS + 60 * MINUTE_MS
  }
  const isSummer = (utc: number) => utc >= lastSunday(3) && utc < lastSunday(10)
  const summer = local - 120 * MINUTE_MS
  return isSummer(summer) ? summer : local - 60 * MINUTE_MS
}

/** How often a property is tried, and what is found where it holds. */
export const RUNS = { numRuns: 40, endOnFailure: true }
export const NO_COUNTEREXAMPLE = { counterexample: null, failed: false, numRuns: RUNS.numRuns }

/** Mostly 0. */
const seldom = (arbitrary: fc.Arbitrary<number>) =>
  fc.oneof({ weight: 12, arbitrary: fc.constant(0) }, arbitrary)

/**
 * In the order in which they were made: days on end from any day of twelve years on, leap days among them. On some nothing ran, some
 * backups are not verified, and a clock that was set back gives some a name of up to three days earlier, before those that were there.
 */
export const HISTORIES = fc
  .record({
    first: fc.integer({ min: dayNumber('2019-01-01'), max: dayNumber('2030-12-31') }),
    runs: fc.array(
      fc.record({
        outage: seldom(fc.integer({ min: 1, max: 70 })),
        minute: fc.integer({ min: 0, max: MINUTES_OF_A_DAY - 1 }),
        setBack: seldom(fc.integer({ min: 1, max: 3 * MINUTES_OF_A_DAY })),
        state: fc.constantFrom(...Array(4).fill('verified'), 'disproven', 'damaged', 'incomplete'),
      }),
      { minLength: 1, maxLength: 400, size: 'max' },
    ),
  })
  .map(({ first, runs }) => {
    let day = first
    const history = runs.map(({ outage, minute, setBack, state }) => {
      day += 1 + outage
      const isDisproven = state === 'disproven'
      const isVerified = state === 'verified' || isDisproven
      const more = { isVerified, isDisproven, hasManifest: state !== 'incomplete' }
      return backupAt(day * MINUTES_OF_A_DAY + minute - setBack, more)
    })
    // One of the same name takes the place of the one before it.
    return [...new Map(history.map((backup) => [backup.id, backup])).values()]
  })

/** A backup at a local time of Berlin, in minutes since the first day. */
function backupAt(localMinute: number, more: Partial<Dated>): SimulatedBackup {
  const day = Math.floor(localMinute / MINUTES_OF_A_DAY)
  return backupOn(day, localMinute - day * MINUTES_OF_A_DAY, more)
}

/** The day after all of them. */
export function dayAfter(history: readonly SimulatedBackup[]): number {
  return Math.max(...history.map(({ day }) => day)) + 1
}

/** Oldest first, whenever they were made: a backup is of the moment that it is named after. */
export function byMoment(history: readonly SimulatedBackup[]): SimulatedBackup[] {
  return history.toSorted((one, other) => one.takenAt.getTime() - other.takenAt.getTime())
}

/** Days of the backups that stay. */
export function daysKept(history: readonly SimulatedBackup[], policy: Policy): number[] {
  return daysOf(backupsKept(history, policy))
}

/** What the store took whole, and no restore test found to be other than it was. */
export function isTrusted({ isVerified, isDisproven }: Dated): boolean {
  return isVerified && !isDisproven
}

/** The backups that stay, said once more and otherwise: each verified one is compared with those after it. The damaged ones come first. */
export function backupsKept(history: readonly SimulatedBackup[], policy: Policy): SimulatedBackup[] {
  const verified = byMoment(history).filter(isTrusted)
  const damaged = history.filter((backup) => !isTrusted(backup) && backup.hasManifest)
  return [...damaged, ...verified.filter((_, at) => isKept(verified.slice(at), policy))]
}

function isKept([backup, ...later]: SimulatedBackup[], { daily, weekly, monthly, newest }: Policy): boolean {
  // The first of January 1970 was a Thursday.
  const periods: [count: number, periodOf: (day: number) => number | string][] = [
    [daily, (day) => day],
    [weekly, (day) => Math.floor((day + 3) / 7)],
    [monthly, (day) => new Date(day * DAY_MS).toISOString().slice(0, 7)],
  ]
  const isNewestOfItsPeriod = periods.some(([count, periodOf]) => {
    const laterPeriods = new Set(later.map(({ day }) => periodOf(day)))
    return !laterPeriods.has(periodOf(backup?.day ?? 0)) && laterPeriods.size < count
  })
  return isNewestOfItsPeriod || later.length < newest
}

export function daysOf(backups: readonly Dated[]): number[] {
  return (backups as SimulatedBackup[]).map(({ day }) => day).sort((one, other) => one - other)
}

/** What is left of one backup each day, pruned each day. */
export function pruneDaily(planRetention: PlanRetention, days: number[], policy: Policy): Dated[] {
  let left: Dated[] = []
  for (const day of days) {
    const today = [...left, backupOn(day, 30)]
    left = planRetention(today, policy, rightAfter(today)).keep.map(({ backup }) => backup)
  }
  return left
}

/** Just after the last backup. */
export function rightAfter(history: readonly Dated[]): Date {
  return new Date(Math.max(...history.map(({ takenAt }) => takenAt.getTime())) + MINUTE_MS)
}
