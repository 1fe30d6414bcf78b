// The secret files of the stack. A secret is never printed, and a file that exists is never changed.
//
// A file is readable for everybody (0444) in a folder that only its owner may enter (0700): compose mounts the file itself
// into a container, with its owner and mode, and the programs in there run as other users than the one who made it.
// On this machine the mode of the folder keeps everybody else out.
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
import { SECRETS, type Secret } from './services.ts'
import type { Variant } from './variables.ts'

/** The content of a secret file, without the newline at its end. */
export function readSecretFile(folder: string, name: string): string {
  return readFileSync(join(folder, name), 'utf8').trim()
}

/** Creates the files that are missing, each whole or not at all, and returns their names. */
export function createSecrets(folder: string): string[] {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  chmodSync(folder, 0o700)
  return SECRETS.filter(({ name }) => !existsSync(join(folder, name)))
    .filter((secret) => create(folder, secret))
    .map(({ name }) => name)
}

/** Throws CliError (exit 2) that names the first secret that is missing or unusable; prod refuses commonly used ones. */
export function checkSecrets(folder: string, variant: Variant): void {
  for (const secret of SECRETS) {
    const problem = problemOf(folder, secret, variant)
    if (problem === undefined) continue
    throw new CliError({
      what: `HMA_SECRETS: the secret ${secret.name} ${problem} in ${folder}.`,
      next:
        variant === 'prod'
          ? 'put it there; nothing creates secrets for prod.'
          : 'scripts/setup-dev-environment.sh, or scripts/env.sh secrets',
      exitCode: EXIT.usage,
    })
  }
}

/** A link is made only where no file is: of two processes that create a secret at once, one succeeds. */
function create(folder: string, secret: Secret): boolean {
  const draft = join(folder, `.${secret.name}.${randomUUID()}`)
  writeFileSync(draft, `${generate(folder, secret)}\n`, { mode: 0o444, flush: true })
  try {
    linkSync(draft, join(folder, secret.name))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return false
  } finally {
    unlinkSync(draft)
  }
}

/** Letters and digits that need no quoting anywhere: not in a URL, a shell or a YAML file. A password has 192 bits. */
function generate(folder: string, secret: Secret): string {
  if (secret.kind === 'password') return randomBytes(24).toString('hex')
  if (secret.kind === 'identifier') return `${secret.prefix}-${randomBytes(6).toString('hex')}`
  const [application, monitor] = secret.passwords.map((name) => sha256(readSecretFile(folder, name)))
  // The user `default` may do everything but administrate the server; `monitor` reads statistics and names of keys, and no value.
  return [
    `user default on #${application} ~* &* +@all -@admin -@dangerous +info +keys +sort +flushdb`,
    `user monitor on #${monitor} ~* resetchannels -@all +@connection -client +client|list +client|setname +client|setinfo +info +scan +dbsize +slowlog|get +slowlog|len +latency|latest +latency|histogram`,
  ].join('\n')
}

const COMMON =
  /^(?:password|secret|changeme|postgres|redis|minio|minioadmin|minio123|admin|root|hma|test)\d*$/i
const SHORTEST = 16

function problemOf(folder: string, secret: Secret, variant: Variant): string | undefined {
  const content = contentOf(folder, secret.name)
  if (content === undefined) return 'is missing or cannot be read'
  // Compose mounts the file with its mode, and the user that reads it in the container is not the one who wrote it.
  if ((statSync(join(folder, secret.name)).mode & 0o004) === 0)
    return 'may not be read by the services (chmod 0444)'
  if (content === '') return 'is empty'
  if (content.includes('\n') && secret.kind !== 'redis-acl') return 'has more than one line'
  if (variant === 'prod' && COMMON.test(content)) return 'is a commonly used one'
  if (variant === 'prod' && secret.kind === 'password' && content.length < SHORTEST)
    return `has fewer than ${SHORTEST} characters`
  if (secret.kind !== 'redis-acl') return undefined
  const stranger = secret.passwords.find(
    (name) => !content.includes(`#${sha256(contentOf(folder, name) ?? '')}`),
  )
  return stranger === undefined ? undefined : `does not carry the SHA-256 of ${stranger}`
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function contentOf(folder: string, name: string): string | undefined {
  try {
    return readSecretFile(folder, name)
  } catch {
    return undefined
  }
}
