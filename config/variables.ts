// Every variable that this project reads: its name, what it may be, what it says in a fresh .env, and who reads it.
// .env.example is printed from this list; a spec compares both with every reader.
import { z } from 'zod'

export const VARIANTS = ['dev', 'test', 'prod'] as const
export type Variant = (typeof VARIANTS)[number]

export interface Variable {
  name: string
  /** One line on what it is. */
  about: string
  /** Value in .env.example; undefined for what is given to a single command and stands there as a comment. */
  example?: string
  /** What it may be; the message completes a line that begins with the name. */
  shape: z.ZodType<string>
  /** The variants of the stack that do not start without it. */
  variants: readonly Variant[]
  /** A secret, which may come as the file that NAME_FILE names. */
  secret?: true
}

const port = z.string().refine(isPort, 'is not a port. Next: set it to a number from 1 to 65535.')
const text = z.string()

/** The group of the stack: they stand in .env. */
export const STACK: readonly Variable[] = [
  stack(
    'HMA_PROJECT',
    'hma',
    'Name of the compose project; containers, networks and volumes begin with it.',
    z
      .string()
      .regex(
        /^[a-z0-9][a-z0-9_-]{0,62}$/,
        'is no name of a compose project. Next: use lower case letters, digits, - and _.',
      ),
  ),
  stack(
    'HMA_RLS',
    'off',
    'Row security of the auth tables: on or off. What is on stays on.',
    z.enum(['on', 'off'], 'is neither on nor off. Next: set it to one of the two.'),
  ),
  stack(
    'HMA_BUCKET',
    'hma',
    'The bucket of the application. An illegal name is refused before anything starts.',
    z
      .string()
      .regex(
        /^(?!xn--|sthree-)(?!.*(?:\.\.|\.-|-\.|-s3alias$))(?!\d+(?:\.\d+){3}$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
        'is no legal name of a bucket. Next: use 3 to 63 lower case letters, digits and hyphens.',
      ),
  ),
  stack(
    'HMA_SECRETS',
    '.hma/secrets',
    'Folder of the secret files, from the root of the project. In prod a path of its own outside of it.',
    z.string().min(1, 'is empty. Next: give the folder of the secret files.'),
  ),
  listening('HMA_POSTGRES_PORT', '5432', 'Postgres'),
  listening('HMA_REDIS_PORT', '6379', 'Redis'),
  listening('HMA_MINIO_PORT', '9000', 'MinIO (S3)'),
  listening('HMA_MINIO_CONSOLE_PORT', '9001', "MinIO's console"),
  listening('HMA_ML_PORT', '8080', 'the ML stub'),
  listening('HMA_ADMINER_PORT', '8081', 'Adminer'),
  listening('HMA_REDIS_COMMANDER_PORT', '8082', 'Redis Commander'),
]

/** What a single command reads, from its own environment and not from .env. */
export const COMMANDS: readonly Variable[] = [
  command('HMA_DATABASE_URL', 'Database that scripts/migrate.sh, seed.sh and audit.sh work on.'),
  secret('HMA_DATABASE_PASSWORD', 'Its password.'),
  command(
    'HMA_ENVIRONMENT',
    'What scripts/migrate.sh marks the database as: development, test or production.',
  ),
  secret('HMA_MIGRATOR_PASSWORD', 'Password that scripts/migrate.sh gives to hma_migrator.'),
  secret('HMA_APP_PASSWORD', 'The same for hma_app.'),
  secret('HMA_ANALYTICS_PASSWORD', 'The same for analytics_reader.'),
  secret('HMA_BACKUP_PASSWORD', 'The same for hma_backup.'),
  secret('HMA_ML_PASSWORD', 'The same for hma_ml, whose login the ML stub uses.'),
  command('HMA_ML_DATABASE_URL', 'Database of an ML stub outside of the stack.'),
  command('HMA_ML_HOST', 'Address at which it listens.'),
  command('HMA_IMAGES', 'Which images: auto, locked (no stand-in) or stand-ins (no pull).'),
  command('HMA_YES', '1: scripts do not ask before sudo.'),
  command('HMA_DOCKERD_OPTIONS', 'More words for a dockerd that scripts/engine.sh starts.'),
]

export const ALL: readonly Variable[] = [...STACK, ...COMMANDS]

function stack(name: string, example: string, about: string, shape: z.ZodType<string>): Variable {
  return { name, example, about, shape, variants: VARIANTS }
}

function listening(name: string, example: string, what: string): Variable {
  const about = `Port of ${what} on 127.0.0.1, in dev.`
  return { name, example, about, shape: port, variants: ['dev'] }
}

function command(name: string, about: string): Variable {
  return { name, about, shape: text, variants: [] }
}

function secret(name: string, about: string): Variable {
  return { ...command(name, about), secret: true }
}

function isPort(value: string): boolean {
  return /^[1-9]\d{0,4}$/.test(value) && Number(value) <= 65_535
}
