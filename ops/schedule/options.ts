// The command line of the scheduler. A schedule that cannot be run is refused before anything starts.
import { Cron } from 'croner'
import { z } from 'zod'
import { numberBetween, readOptions } from '../../config/command-line.ts'
import { PROGRAMS } from './jobs.ts'

const HELP = 'docs/schedule.md'

/** Five fields, or six whose first is the second. */
const isPattern = (pattern: string) => {
  try {
    return new Cron(pattern, { mode: '5-or-6-parts' }).nextRun() !== null
  } catch {
    return false
  }
}

const isZone = (zone: string) => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined
  } catch {
    return false
  }
}

const Job = z
  .string()
  .transform((text) => {
    const [name = '', ...pattern] = text.split('=')
    return { name, pattern: pattern.join('=') }
  })
  .refine(({ name }) => name in PROGRAMS, `begin with one of ${Object.keys(PROGRAMS).join(', ')}.`)
  .refine(({ pattern }) => isPattern(pattern), 'give NAME=PATTERN, for example seal=17 * * * *.')

const GRAMMAR = {
  '--job <name=pattern...>': z.array(Job).min(1, 'give at least one.').prefault([]),
  '--zone <name>': z.string().refine(isZone, 'give a time zone, for example Europe/Berlin.').default('UTC'),
  '--jitter <seconds>': numberBetween(0, 86_400, 'seconds').default(0),
  '--state <file>': z.string('give the file that keeps the last runs.').min(1),
  '--port <port>': numberBetween(0, 65_535, 'a port').default(9187),
  '--metrics <folder>': z.string().min(1).optional(),
}

/** Throws CliError (exit 2) that names the word or value at fault. */
export function readSchedule(words: string[]) {
  const { job, ...options } = readOptions(words, HELP, GRAMMAR)
  return { ...options, patterns: new Map(job.map(({ name, pattern }) => [name, pattern])) }
}
