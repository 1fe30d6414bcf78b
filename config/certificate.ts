// X.509 certificates (RFC 5280) of P-256 keys, as PEM. Node reads them and does not write them, and openssl is not on every machine.
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
} from 'node:crypto'

/** A new private key as PEM. */
export function createKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().trim()
}

export interface CertificateOptions {
  /** Common name of who has the key; a server is reached under it. */
  subject: string
  /** PEM of its private key. */
  key: string
  /** Who signs it; without one it signs itself, and may sign others. */
  issuer?: { subject: string; key: string }
  now?: Date
}

const YEARS = 10
const YEAR_MS = 365 * 86_400_000
const HOUR_MS = 3_600_000

const ECDSA_WITH_SHA256 = '2a8648ce3d040302'
const COMMON_NAME = '550403'
const BASIC_CONSTRAINTS = '551d13'
const KEY_USAGE = '551d0f'
const SUBJECT_ALT_NAME = '551d11'
const SUBJECT_KEY = '551d0e'
const AUTHORITY_KEY = '551d23'

export function createCertificate({ subject, key, issuer, now = new Date() }: CertificateOptions): string {
  const signer = issuer ?? { subject, key }
  const publicKey = publicKeyOf(key)
  const kind = issuer === undefined ? extensionsOfAuthority() : extensionsOfServer(subject)
  const keys = [
    extension(SUBJECT_KEY, element(0x04, idOf(publicKey))),
    extension(AUTHORITY_KEY, sequence(element(0x80, idOf(publicKeyOf(signer.key))))),
  ]
  const algorithm = sequence(objectId(ECDSA_WITH_SHA256))
  const content = sequence(
    element(0xa0, element(0x02, Buffer.of(2))), // version 3
    element(0x02, Buffer.concat([Buffer.of(1), randomBytes(15)])), // serial number, positive
    algorithm,
    nameOf(signer.subject),
    // A clock that is a little behind accepts it, too.
    sequence(time(now.getTime() - HOUR_MS), time(now.getTime() + YEARS * YEAR_MS)),
    nameOf(subject),
    publicKey,
    element(0xa3, sequence(...kind, ...keys)),
  )
  const signature = sign('sha256', content, createPrivateKey(signer.key))
  const der = sequence(content, algorithm, bits(signature))
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----'].join('\n')
}

function publicKeyOf(key: string): Buffer {
  return createPublicKey(createPrivateKey(key)).export({ type: 'spki', format: 'der' })
}

function idOf(publicKey: Buffer): Buffer {
  return createHash('sha256').update(publicKey).digest().subarray(0, 20)
}

const TRUE = Buffer.from('0101ff', 'hex')

/** It may sign certificates of servers, and no other authority's. */
function extensionsOfAuthority(): Buffer[] {
  const noOtherBelow = sequence(TRUE, element(0x02, Buffer.of(0)))
  const signsCertificates = element(0x03, Buffer.of(2, 0x04))
  return [extension(BASIC_CONSTRAINTS, noOtherBelow, TRUE), extension(KEY_USAGE, signsCertificates, TRUE)]
}

function extensionsOfServer(host: string): Buffer[] {
  return [
    extension(BASIC_CONSTRAINTS, sequence(), TRUE),
    extension(SUBJECT_ALT_NAME, sequence(element(0x82, Buffer.from(host, 'ascii')))),
  ]
}

function extension(id: string, value: Buffer, critical: Buffer = Buffer.of()): Buffer {
  return sequence(objectId(id), critical, element(0x04, value))
}

function nameOf(subject: string): Buffer {
  return sequence(element(0x31, sequence(objectId(COMMON_NAME), element(0x0c, Buffer.from(subject)))))
}

/** Two digits of the year until 2049, four from 2050 on. */
function time(milliseconds: number): Buffer {
  const digits = `${new Date(milliseconds).toISOString().replaceAll(/\D/g, '').slice(0, 14)}Z`
  return digits < '2050' ? element(0x17, Buffer.from(digits.slice(2))) : element(0x18, Buffer.from(digits))
}

function objectId(hex: string): Buffer {
  return element(0x06, Buffer.from(hex, 'hex'))
}

function bits(value: Buffer): Buffer {
  return element(0x03, Buffer.concat([Buffer.of(0), value]))
}

function sequence(...parts: Buffer[]): Buffer {
  return element(0x30, Buffer.concat(parts))
}

function element(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.of(tag), lengthOf(content), content])
}

function lengthOf({ length }: Buffer): Buffer {
  if (length < 0x80) return Buffer.of(length)
  const bytes = length < 0x100 ? [length] : [length >> 8, length & 0xff]
  return Buffer.of(0x80 | bytes.length, ...bytes)
}
