import { X509Certificate } from 'node:crypto'
import { expect, test } from 'vitest'
import { createCertificate, createKey } from './certificate.ts'

const authorityKey = createKey()
const serverKey = createKey()
const issuer = { subject: 'an authority', key: authorityKey }
const authority = new X509Certificate(createCertificate(issuer))

test('an authority signs itself, and may sign others', () => {
  expect(authority.ca).toBe(true)
  expect(authority.checkIssued(authority)).toBe(true)
  expect(authority.verify(authority.publicKey)).toBe(true)
})

test('a server has the name under which it is reached, and the signature of its authority', () => {
  const server = new X509Certificate(createCertificate({ subject: 'store', key: serverKey, issuer }))

  expect([server.ca, server.checkHost('store'), server.checkHost('other')]).toEqual([
    false,
    'store',
    undefined,
  ])
  expect([server.checkIssued(authority), server.verify(authority.publicKey)]).toEqual([true, true])
})

test.for([
  ['2026-11-26T12:00:00Z', '2026-11-26T11:00:00.000Z', '2036-11-23T12:00:00.000Z'],
  ['2045-01-01T12:00:00Z', '2045-01-01T11:00:00.000Z', '2054-12-30T12:00:00.000Z'],
])('made at %s it is valid for ten years', ([now = '', from, to]) => {
  const made = new X509Certificate(createCertificate({ ...issuer, now: new Date(now) }))

  expect([made.validFromDate.toISOString(), made.validToDate.toISOString()]).toEqual([from, to])
})
