// The secret files of the stack. A secret is never printed, and a file that exists is never changed, unless it is made from one
// that is missing: it would be of no use without it.
//
// A file is readable for everybody (0444) in a folder that only its owner may enter (0700): compose mounts the file itself
// into a container, with its owner and mode, and the programs in there run as other users than the one who made it.
// On this machine the mode of the folder keeps everybody else out.
import { createHash, createPrivateKey, randomBytes, randomUUID, X509Certificate } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { createCertificate, createKey } from './certificate.ts'
import { CliError, EXIT } from './cli-error.ts'
import { SECRETS, type Secret } from './services.ts'
import type { Variant } from './variables.ts'

/** The content of a secret file, without the newline at its end. Throws CliError (exit 2) where there is none. */
export function readSecretFile(folder: string, name: string): string {
  const { content, problem } = read(folder, name)
  if (content === undefined) throw unusable(folder, name, problem, 'dev')
  return content
}

/**
 * Creates the files that are missing and those that are made from them, each whole or not at all, and returns their names. Throws
 * CliError: exit 2, before it creates any, when one is missing that existing data were made with; exit 3, after it has created the
 * others, when one is missing that possible data were made with.
 */
export function createSecrets(folder: string, volumes: DataVolumes = NO_DATA): string[] {
  const lost = lostSecret(folder, volumes)
  if (lost !== undefined) throw lost
  createFolder(folder)
  for (const name of outdatedSecrets(folder)) rmSync(join(folder, name))
  const uncertain = uncertainSecrets(folder, volumes)
  const created = missingSecrets(folder)
    .filter(({ name }) => !uncertain.includes(name))
    .filter((secret) => create(folder, secret))
  if (uncertain.length > 0) throw notCreated(uncertain)
  return created.map(({ name }) => name)
}

function missingSecrets(folder: string): Secret[] {
  return SECRETS.filter(({ name }) => !existsSync(join(folder, name)))
}

/** Existing secrets that were made from a missing one. SECRETS lists a secret after those it is made from. */
function outdatedSecrets(folder: string): string[] {
  const isThere = (name: string) => existsSync(join(folder, name))
  const names = new Set<string>()
  for (const secret of SECRETS)
    if (!isThere(secret.name) || madeFrom(secret).some((name) => names.has(name))) names.add(secret.name)
  return [...names].filter(isThere)
}

function madeFrom(secret: Secret): readonly string[] {
  if (secret.kind === 'redis-acl') return secret.passwords
  if (secret.kind === 'redis-exporter') return [secret.password]
  if (secret.kind === 'certificate')
    return [secret.key, ...(secret.issuer === undefined ? [] : [secret.issuer])]
  return []
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

function createFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    chmodSync(folder, 0o700)
  } catch (cause) {
    const what = `HMA_SECRETS: ${folder} cannot be made a folder (${(cause as NodeJS.ErrnoException).code}).`
    throw new CliError({ what, next: 'set it to a folder of yours.', exitCode: EXIT.usage, cause })
  }
}

export interface DataVolumes {
  /** `key` is that in the compose file. */
  existing: { name: string; key: string }[]
  /** Keys of those that may exist, because nobody could be asked. */
  possible: string[]
}

export const NO_DATA: DataVolumes = { existing: [], possible: [] }

/** The error for a secret that is missing while data exist that accept no other one. */
export function lostSecret(folder: string, { existing }: DataVolumes): CliError | undefined {
  for (const secret of missingSecrets(folder)) {
    const volume = existing.find(({ key }) => secret.kind === 'password' && key === secret.madeInto)
    if (volume === undefined) continue
    return new CliError({
      what: `The secret ${secret.name} is missing in ${folder}, and the data in volume ${volume.name} accept no other one.`,
      next: `put it back, or remove the data: ${teardownOf(volume.name)}`,
      exitCode: EXIT.usage,
    })
  }
  return undefined
}

/** Those that are missing while there may be data that accept no other one. */
function uncertainSecrets(folder: string, { possible }: DataVolumes): string[] {
  return missingSecrets(folder)
    .filter((secret) => secret.kind === 'password' && possible.includes(secret.madeInto ?? ''))
    .map(({ name }) => name)
}

function notCreated(names: string[]): CliError {
  return new CliError({
    what: `Not created: ${names.join(', ')}. No engine answers, and there may be data that accept no other one.`,
    next: 'scripts/engine.sh, then the same command again.',
    exitCode: EXIT.unreachable,
  })
}

/** Volumes are named by their project, whose name ends with that of the variant. */
function teardownOf(volume: string): string {
  const option = /-test_[^_]*$/.test(volume) ? ' --variant test' : ''
  return `scripts/teardown.sh${option} --data`
}

/** A link is made only where no file is: of two processes that create a secret at once, one succeeds. */
function create(folder: string, secret: Secret): boolean {
  const draft = join(folder, `.${secret.name}.${randomUUID()}`)
  writeFileSync(draft, `${generate(folder, secret)}\n`, { flush: true })
  // Whatever the umask: the programs in the containers run as other users.
  chmodSync(draft, 0o444)
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

/** How redis_exporter calls the server that it logs in to as monitor. */
const MONITOR_AT = 'redis://monitor@redis:6379'

/** Letters and digits that need no quoting anywhere: not in a URL, a shell or a YAML file. A password has 192 bits. */
function generate(folder: string, secret: Secret): string {
  if (secret.kind === 'password') return randomBytes(24).toString('hex')
  if (secret.kind === 'identifier') return `${secret.prefix}-${randomBytes(6).toString('hex')}`
  if (secret.kind === 'redis-exporter')
    return JSON.stringify({ [MONITOR_AT]: readSecretFile(folder, secret.password) })
  if (secret.kind === 'tls-key') return createKey()
  if (secret.kind === 'certificate') return certificateOf(folder, secret)
  const [application, monitor] = secret.passwords.map((name) => sha256(readSecretFile(folder, name)))
  // The user `default` may do everything but administrate the server; `monitor` reads statistics and names of keys, and no value.
  return [
    `user default on #${application} ~* &* +@all -@admin -@dangerous +info +keys +sort +flushdb`,
    `user monitor on #${monitor} ~* resetchannels -@all +@connection -client +client|list +client|setname +client|setinfo +info +scan +dbsize +slowlog|get +slowlog|len +latency|latest +latency|histogram`,
  ].join('\n')
}

type CertificateSecret = Extract<Secret, { kind: 'certificate' }>

function certificateOf(folder: string, { subject, key, issuer: issuedBy }: CertificateSecret): string {
  const own = { subject, key: readSecretFile(folder, key) }
  const issuer = SECRETS.find((other) => other.kind === 'certificate' && other.name === issuedBy)
  if (issuer?.kind !== 'certificate') return createCertificate(own)
  const { subject: name, key: signedWith } = issuer
  return createCertificate({ ...own, issuer: { subject: name, key: readSecretFile(folder, signedWith) } })
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

function certificateProblem(folder: string, { key, issuer }: CertificateSecret, pem: string) {
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

function sha256(text: string): string {
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
