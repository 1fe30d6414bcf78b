// Every variable that this project reads: its name, the values that are allowed, its value in a fresh .env, and who reads it.
// .env.example is printed from this list; a spec compares both with every reader.
import { isAbsolute } from 'node:path'
import { isCronPattern } from './cron-pattern.ts'
import { SERVICE_PORTS } from './services.ts'

export const VARIANTS = ['dev', 'test', 'prod'] as const
export type Variant = (typeof VARIANTS)[number]

export interface Variable {
  name: string
  /** One line on what it is. */
  about: string
  /** A secret, which may come as the file that NAME_FILE names. */
  isSecret?: true
}

/** Which values are allowed; what is wrong with any other, as the end of a line that begins with NAME=VALUE; and the next act. */
export interface Rule {
  isValid(value: string): boolean
  problem: string
  next: string
}

/** A variable of .env. */
export interface StackVariable extends Variable {
  /** Its value in .env.example, which is also the default of the compose files. Undefined where a line of .env is not needed. */
  example?: string
  /** Undefined where any value will do. */
  rule?: Rule
  /** The variants of the stack that do not start without it. */
  variants: readonly Variant[]
}

/** Where the set-up creates the secrets of dev and test, from the root of the project. */
export const SECRETS_FOLDER = '.hma/secrets'

const PROJECT_NAME = /^[a-z0-9][a-z0-9_-]{0,62}$/
const BUCKET_NAME =
  /^(?!xn--|sthree-)(?!.*(?:\.\.|\.-|-\.|-s3alias$))(?!\d+(?:\.\d+){3}$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/
/** The other buckets of the store, as docker/docker-compose.yml names them. */
const TAKEN_BUCKETS = ['hma-backups', 'hma-archive']

const PORT: Rule = {
  isValid: (value) => /^[1-9]\d{0,4}$/.test(value) && Number(value) <= 65_535,
  problem: 'is not a port.',
  next: 'set it to a number from 1 to 65535.',
}

/** The scheduler would refuse it at its own start, when the rest of the stack is up. */
const CRON: Rule = {
  isValid: isCronPattern,
  problem: 'is no cron pattern.',
  next: 'give minute, hour, day, month and weekday, as 30 2 * * *.',
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

const ON_OR_OFF: Rule = {
  isValid: (value) => ['on', 'off'].includes(value),
  problem: 'is neither on nor off.',
  next: 'set it to one of the two.',
}

export const STACK_VARIABLES: readonly StackVariable[] = [
  {
    name: 'HMA_PROJECT',
    about: 'Name of the compose project; containers, networks and volumes begin with it.',
    example: 'hma',
    rule: {
      isValid: (value) => PROJECT_NAME.test(value),
      problem: 'is no name of a compose project.',
      next: 'use lower case letters, digits, - and _.',
    },
    variants: VARIANTS,
  },
  {
    name: 'HMA_RLS',
    about: 'Row security of the auth tables: on or off. It can be turned on later, and not off again.',
    example: 'off',
    rule: ON_OR_OFF,
    variants: VARIANTS,
  },
  {
    name: 'HMA_BUCKET',
    about: 'The bucket of the application. An illegal name is refused before anything starts.',
    example: 'hma',
    rule: {
      isValid: (value) => BUCKET_NAME.test(value) && !TAKEN_BUCKETS.includes(value),
      problem: 'is no legal name of a bucket, or the bucket of the backups or of the archive.',
      next: 'use 3 to 63 lower case letters, digits and hyphens, and another name than those two have.',
    },
    variants: VARIANTS,
  },
  {
    name: 'HMA_SECRETS',
    about: `Folder of the secret files, an absolute path. Without it ${SECRETS_FOLDER}; prod needs one outside of the project.`,
    rule: {
      isValid: isAbsolute,
      problem: 'is no absolute path.',
      next: 'write the whole path, without ~ and without variables.',
    },
    variants: ['prod'],
  },
  {
    name: 'HMA_ARCHIVE',
    about:
      'on: Postgres archives its write-ahead log continuously, with profile archive (docs/archive.md). off: it does not.',
    example: 'off',
    rule: ON_OR_OFF,
    variants: VARIANTS,
  },
  {
    name: 'HMA_ARCHIVE_SCHEDULE',
    about: 'When profile archive makes a base backup: minute, hour, day, month, weekday.',
    example: '30 1 * * *',
    rule: CRON,
    variants: VARIANTS,
  },
  {
    name: 'HMA_BACKUP_SCHEDULE',
    about: 'When profile backup makes a backup and prunes the old ones: minute, hour, day, month, weekday.',
    example: '30 2 * * *',
    rule: CRON,
    variants: VARIANTS,
  },
  {
    name: 'HMA_RESTORE_TEST_SCHEDULE',
    about: 'When it restores the newest one to test it.',
    example: '30 4 * * 0',
    rule: CRON,
    variants: VARIANTS,
  },
  {
    name: 'HMA_BACKUP_ZONE',
    about: 'Time zone of all three, and of the days that retention counts.',
    example: 'UTC',
    rule: {
      isValid: (value) => /^[A-Z][A-Za-z0-9_+/-]*$/.test(value) && isTimeZone(value),
      problem: 'is no time zone.',
      next: 'give a name such as Europe/Berlin.',
    },
    variants: VARIANTS,
  },
  {
    name: 'HMA_BACKUP_JITTER',
    about: 'Each start is later by chance, and by so many seconds at most.',
    example: '900',
    rule: {
      isValid: (value) => /^\d{1,5}$/.test(value) && Number(value) <= 86_400,
      problem: 'is no number of seconds.',
      next: 'set it to a number from 0 to 86400.',
    },
    variants: VARIANTS,
  },
  {
    name: 'HMA_BACKUP_KEEP',
    about: 'Of how many days, weeks and months a backup is kept.',
    example: '7,4,6',
    rule: {
      isValid: (value) => /^[1-9]\d{0,3},\d{1,4},\d{1,4}$/.test(value),
      problem: 'is no DAILY,WEEKLY,MONTHLY.',
      next: 'set it to three numbers, as 7,4,6.',
    },
    variants: VARIANTS,
  },
  ...SERVICE_PORTS.map(({ variable, hostPort, title }) => ({
    name: variable,
    about: `Port of ${title} on 127.0.0.1, in dev.`,
    example: String(hostPort),
    rule: PORT,
    variants: ['dev'] as const,
  })),
]

/** What a single command reads, from its own environment and not from .env. */
export const COMMAND_VARIABLES: readonly Variable[] = [
  {
    name: 'HMA_DATABASE_URL',
    about:
      'Database that the scripts work on, as hma_migrator; without it that of the running dev stack of this folder.',
  },
  secret('HMA_DATABASE_PASSWORD', 'Its password.'),
  {
    name: 'HMA_ENVIRONMENT',
    about: 'What scripts/migrate.sh marks the database as: development, test or production.',
  },
  secret(
    'HMA_SUPERUSER_PASSWORD',
    'Password of postgres, with which scripts/migrate.sh apply prepares roles and database, and does nothing else.',
  ),
  secret('HMA_MIGRATOR_PASSWORD', 'Password that scripts/migrate.sh gives to hma_migrator.'),
  secret('HMA_APP_PASSWORD', 'The same for hma_app.'),
  secret('HMA_ANALYTICS_PASSWORD', 'The same for analytics_reader.'),
  secret('HMA_MONITOR_PASSWORD', 'The same for hma_monitor.'),
  secret('HMA_BACKUP_PASSWORD', 'The same for hma_backup.'),
  secret('HMA_ML_PASSWORD', 'The same for hma_ml, whose login the ML stub uses.'),
  {
    name: 'HMA_REDIS_URL',
    about: 'Redis that scripts/cache-stats.sh asks; without it that of the running dev stack of this folder.',
  },
  secret('HMA_REDIS_PASSWORD', 'Its password.'),
  { name: 'HMA_STORE_URL', about: 'Object store that the backups are in.' },
  secret('HMA_STORE_KEY_ID', 'Its key.'),
  secret('HMA_STORE_KEY_SECRET', 'The secret of that key.'),
  { name: 'HMA_BACKUP_BUCKET', about: 'The bucket of the backups.' },
  { name: 'HMA_ARCHIVE_BUCKET', about: 'The bucket of the archive.' },
  { name: 'HMA_BACKUP_FOLDER', about: 'Folder of a backup job for dumps, downloads and metrics.' },
  { name: 'HMA_ML_DATABASE_URL', about: 'Database of an ML stub outside of the stack.' },
  { name: 'HMA_ML_HOST', about: 'Address at which it listens.' },
  { name: 'HMA_IMAGES', about: 'Which images: auto, locked (no stand-in) or stand-ins (no pull).' },
  { name: 'HMA_YES', about: '1: scripts do not ask before sudo.' },
  { name: 'HMA_DOCKERD_OPTIONS', about: 'More options for a dockerd that scripts/engine.sh starts.' },
]

function secret(name: string, about: string): Variable {
  return { name, about, isSecret: true }
}
