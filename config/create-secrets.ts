// Makes the secret files of the stack. A secret is never printed, and a file that exists is never changed, unless it is made from one
// that is missing: it would be of no use without it.
//
// A file is readable for everybody (0444) in a folder that only its owner may enter (0700): compose mounts the file itself
// into a container, with its owner and mode, and the programs in there run as other users than the one who made it.
// On this machine the mode of the folder keeps everybody else out.
import { randomBytes, randomUUID } from 'node:crypto'
import { chmodSync, existsSync, linkSync, mkdirSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createCertificate, createKey } from './certificate.ts'
import { CliError, EXIT } from './cli-error.ts'
import { readSecretFile, sha256 } from './secrets.ts'
import { SECRETS, type Secret } from './services.ts'

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
