// Reads the secret files of the stack, and checks them. A secret is never printed; create-secrets.ts makes them.
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { CliError, EXIT } from './cli-error.ts'
import { SECRETS, type Secret } from './services.ts'
import type { Variant } from './variables.ts'

/** The content of a secret file, without the newline at its end. Throws CliError (exit 2) where there is none. */
export function readSecretFile(folder: string, name: string): string {
  const { content, problem } = read(folder, name)
  if (content === undefined) throw unusable(folder, name, problem, 'dev')
  return content
}

/** Throws CliError (exit 2) that names the first secret that is missing or unusable; prod refuses commonly used ones. */
export function checkSecrets(folder: string, variant: Variant): void {
  for (const secret of SECRETS) {
    const problem = problemOf(folder, secret, variant)
    if (problem !== undefined) throw unusable(folder, secret.name, problem, variant)
  }
}

const MISSING = 'is missing'

function unusable(folder: string, name: string, problem: string, variant: Variant): CliError {
  const setup = 'scripts/setup-dev-environment.sh'
  const inDev = problem === MISSING ? setup : `correct or remove ${join(folder, name)}, then ${setup}`
  return new CliError({
    what: `HMA_SECRETS: the secret ${name} ${problem} in ${folder}.`,
    next: variant === 'prod' ? 'put it there; nothing creates secrets for prod.' : inDev,
    exitCode: EXIT.usage,
  })
}

const COMMON =
  /^(?:password|secret|changeme|postgres|redis|minio|minioadmin|minio123|admin|root|hma|test)\d*$/i
const SHORTEST = 16

function problemOf(folder: string, secret: Secret, variant: Variant): string | undefined {
  const { content, problem } = read(folder, secret.name)
  if (content === undefined) return problem
  // Compose mounts the file with its mode, and the user that reads it in the container is not the one who wrote it.
  if ((statSync(join(folder, secret.name)).mode & 0o004) === 0)
    return 'may not be read by the services (chmod 0444)'
  if (content === '') return 'is empty'
  if (content.includes('\n') && !WITH_LINES.includes(secret.kind)) return 'has more than one line'
  if (hasUnequalReaders(content))
    return 'has a control character, a BOM, a blank at an end or bytes that are no UTF-8'
  if (variant === 'prod' && COMMON.test(content)) return 'is a commonly used one'
  if (variant === 'prod' && secret.kind === 'password' && content.length < SHORTEST)
    return `has fewer than ${SHORTEST} characters`
  if (secret.kind === 'redis-exporter') {
    const expected = read(folder, secret.password).content ?? ''
    return content.includes(`"${expected}"`) ? undefined : `does not carry ${secret.password}`
  }
  if (secret.kind === 'tls-key') return isKey(content) ? undefined : 'is no private key in PEM'
  if (secret.kind === 'certificate') return certificateProblem(folder, secret, content)
  if (secret.kind !== 'redis-acl') return undefined
  const withoutHash = secret.passwords.find(
    (name) => !content.includes(`#${sha256(read(folder, name).content ?? '')}`),
  )
  return withoutHash === undefined ? undefined : `lacks the SHA-256 of ${withoutHash}`
}

const WITH_LINES: string[] = ['redis-acl', 'tls-key', 'certificate']

function isKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).type === 'private'
  } catch {
    return false
  }
}

function certificateProblem(
  folder: string,
  { key, issuer }: Extract<Secret, { kind: 'certificate' }>,
  pem: string,
): string | undefined {
  try {
    const certificate = new X509Certificate(pem)
    const authority =
      issuer === undefined ? certificate : new X509Certificate(read(folder, issuer).content ?? '')
    if (!certificate.checkPrivateKey(createPrivateKey(read(folder, key).content ?? '')))
      return `does not belong to ${key}`
    if (!certificate.verify(authority.publicKey)) return `is not signed by ${issuer}`
    return certificate.validToDate.getTime() < Date.now() ? 'has expired' : undefined
  } catch {
    return `cannot be read, or its ${key} cannot`
  }
}

/** Programs differ in what they make of a secret: some cut off the blanks at its ends, some a carriage return; some read bytes, some UTF-8. */
function hasUnequalReaders(content: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  return content !== content.trim() || /\uFFFD|[\u0000-\u0009\u000b-\u001f\u007f]/.test(content)
}

/** Of a password, as Redis keeps it. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

const LARGEST_BYTES = 4096

type Reading = { content: string; problem?: undefined } | { content?: undefined; problem: string }

/** Without the newline at its end. */
function read(folder: string, name: string): Reading {
  const path = join(folder, name)
  try {
    const stat = statSync(path)
    // A named pipe would be waited for without an end.
    if (!stat.isFile()) return { problem: 'is no file' }
    if (stat.size > LARGEST_BYTES) return { problem: 'is larger than 4 KiB' }
    return { content: readFileSync(path, 'utf8').replace(/\n$/, '') }
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    return { problem: isMissing ? MISSING : 'cannot be read' }
  }
}
