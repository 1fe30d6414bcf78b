// The moment that a database is restored to, as a person types it.
import { wrongUse } from '../../config/command-line.ts'

export interface Moment {
  /** Milliseconds since 1970. */
  ms: number
  /** For Postgres, with the digits that were given: it counts microseconds. */
  text: string
}

export const LATEST = 'latest'
const HELP = 'scripts/restore.sh --help'
const MOMENT = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(\.\d{1,6})? ?(Z|[+-]\d\d(?::?\d\d)?)$/

/** Throws CliError (exit 2) for what is no moment, or one without its time zone. */
export function readMoment(value: string): Moment | typeof LATEST {
  if (value === LATEST) return LATEST
  const [, day = '', time = '', fraction = '', zone = ''] = MOMENT.exec(value) ?? []
  const offset = offsetOf(zone)
  const ms = Date.parse(`${day}T${time}${fraction.slice(0, 4)}${offset}`)
  if (Number.isNaN(ms) || !isInCalendar(day)) {
    const next = 'give it with its time zone, as "2026-11-26 12:00:00+00", or latest.'
    throw wrongUse(`--to-time is '${value}'.`, HELP, next)
  }
  return { ms, text: `${day} ${time}${fraction}${offset}` }
}

/** As +05:45. */
function offsetOf(zone: string): string {
  if (zone === '' || zone === 'Z') return zone === '' ? '' : '+00:00'
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0')
  return `${zone[0]}${digits.slice(0, 2)}:${digits.slice(2)}`
}

/** The 30th of February would be taken for a day of March. */
function isInCalendar(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day)
}
