// The secret files of the stack. Whoever makes them up never prints them; what is there is never changed.
//
// A file is readable for everybody (0444) in a folder that only its owner may enter (0700): compose mounts the file itself
// into a container, with its owner and mode, and the programs in there run as other users than the one who made it.
// On the way to it stands the folder, whose mode keeps everybody else of this machine out.
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { CliError, EXIT } from './cli-error.ts'
import type { Variant } from './variables.ts'

type Make = (folder: string) => string

/** 192 bits in letters and digits that need no quoting anywhere: not in a URL, a shell or a YAML file. */
const random: Make = () => randomBytes(24).toString('hex')

/** In this order: an ACL is made from the password beside it. */
const SECRETS: Record<string, Make> = {
  'postgres-password': random,
  'migrator-password': random,
  'app-password': random,
  'analytics-password': random,
  'ml-password': random,
  'backup-password': random,
  'redis-password': random,
  'redis-acl': (folder) => aclFor(readSecretFile(folder, 'redis-password')),
  'minio-root-user': () => `root-${randomBytes(6).toString('hex')}`,
  'minio-root-password': random,
  'bucket-key-id': () => `app-${randomBytes(6).toString('hex')}`,
  'bucket-key-secret': random,
}

export const SECRET_NAMES: readonly string[] = Object.keys(SECRETS)

/** The content of a secret file, without the line's end. */
export function readSecretFile(folder: string, name: string): string {
  return readFileSync(join(folder, name), 'utf8').trim()
}

/** Makes up what is missing, each file whole or not at all, and returns the names of what it made. */
export function createSecrets(folder: string): string[] {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  chmodSync(folder, 0o700)
  return SECRET_NAMES.filter((name) => !existsSync(join(folder, name)) && create(folder, name))
}

/** Throws CliError (exit 2) that names the first secret that is missing or unusable; a known one is refused in prod. */
export function checkSecrets(folder: string, variant: Variant): void {
  for (const name of SECRET_NAMES) {
    const problem = problemOf(folder, name, variant)
    if (problem === undefined) continue
    const next =
      variant === 'prod'
        ? 'put it there; prod makes up no secret.'
        : 'scripts/setup-dev-environment.sh, or scripts/env.sh secrets'
    throw new CliError({
      what: `HMA_SECRETS: the secret ${name} ${problem} in ${folder}.`,
      next,
      exitCode: EXIT.usage,
    })
  }
}

/** Two that make secrets at once agree on one: a link is made only where nothing is. */
function create(folder: string, name: string): boolean {
  const draft = join(folder, `.${name}.${randomUUID()}`)
  writeFileSync(draft, `${SECRETS[name]?.(folder)}\n`, { mode: 0o444, flush: true })
  try {
    linkSync(draft, join(folder, name))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return false
  } finally {
    unlinkSync(draft)
  }
}

/** What an access control list may say about the one user there is: everything but to rule over the server. */
function aclFor(password: string): string {
  const hash = createHash('sha256').update(password).digest('hex')
  return `user default on #${hash} ~* &* +@all -@admin -@dangerous +info +keys +sort +flushdb`
}

const COMMON =
  /^(?:password|secret|changeme|postgres|redis|minio|minioadmin|minio123|admin|root|hma|test)\d*$/i
const SHORTEST = 16

function problemOf(folder: string, name: string, variant: Variant): string | undefined {
  const content = contentOf(folder, name)
  if (content === undefined) return 'is missing or cannot be read'
  // Compose mounts the file with its mode, and what reads it in there is another user than the one who wrote it.
  if ((statSync(join(folder, name)).mode & 0o004) === 0) return 'may not be read by the services (chmod 0444)'
  if (content === '') return 'is empty'
  if (content.includes('\n')) return 'has more than one line'
  const isPassword = /-(?:password|secret)$/.test(name)
  if (variant === 'prod' && COMMON.test(content)) return 'is one that everybody knows'
  if (variant === 'prod' && isPassword && content.length < SHORTEST)
    return `has fewer than ${SHORTEST} characters`
  if (name !== 'redis-acl' || content.includes(`#${hashOf(folder)}`)) return undefined
  return 'does not carry the SHA-256 of redis-password'
}

function hashOf(folder: string): string {
  return createHash('sha256')
    .update(contentOf(folder, 'redis-password') ?? '')
    .digest('hex')
}

function contentOf(folder: string, name: string): string | undefined {
  try {
    return readSecretFile(folder, name)
  } catch {
    return undefined
  }
}
