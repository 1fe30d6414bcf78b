// The command lines of the backups. The scripts read them before they start a container, the program in the container again.
import { z } from 'zod'
import { flag, numberBetween, type OptionsOf, readCommand, wrongUse } from '../../config/command-line.ts'

/** How many days, weeks and months keep a backup. */
const Keep = z
  .string()
  .regex(/^[1-9]\d{0,3},\d{1,4},\d{1,4}$/, 'give DAILY,WEEKLY,MONTHLY, for example 7,4,6.')
  .transform((text) => text.split(',').map(Number) as [daily: number, weekly: number, monthly: number])

const json = { '--json': flag }
const jobs = {
  '--jobs <number>': numberBetween(1, 64, 'a number')
    .refine(Number.isInteger, 'give a whole number.')
    .default(2),
}
const within = (minutes: number) => ({
  '--within <minutes>': numberBetween(0.1, 1440, 'minutes').default(minutes),
})
const Name = z.string().regex(/^[a-z_][a-z0-9_]{0,35}$/, 'give lower case letters, digits and _, 36 at most.')
const COMMANDS = {
  backup: {
    ...json,
    '--list': flag,
    '--lock-wait <seconds>': numberBetween(1, 3600, 'seconds').default(30),
    ...within(240),
  },
  restore: {
    ...json,
    ...jobs,
    '--database <name>': Name,
    '--confirm <name>': z.string().optional(),
    '--backup <id>': z.string().optional(),
  },
  'restore-test': { ...json, ...jobs, ...within(720) },
  'backup-prune': {
    ...json,
    '--keep <daily,weekly,monthly>': Keep.prefault(process.env.HMA_BACKUP_KEEP || '7,4,6'),
    '--accept-size': flag,
    '--dry-run': flag,
  },
}
export type Options<Command extends keyof typeof COMMANDS> = OptionsOf<(typeof COMMANDS)[Command]>

/** The script whose manual has the command; each command has that of its own. */
export function scriptOf(command: string): string {
  return Object.hasOwn(COMMANDS, command) ? command : 'backup'
}

/** Throws CliError (exit 2) for a command line that cannot be used. */
export function readBackupCommand(words: string[]) {
  const [first = ''] = words
  const help = `scripts/${scriptOf(first)}.sh --help`
  if (first.startsWith('-')) throw wrongUse(`The first word is '${first}', and that is no command.`, help)
  return readCommand(words, help, COMMANDS)
}
