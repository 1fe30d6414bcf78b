import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { matchesVerifier, scramVerifier } from './scram.ts'

test('the verifier agrees with the example exchange of RFC 7677', () => {
  const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64')
  const nonce = 'rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0'
  const exchange = `n=user,r=rOprNGfwEbeRWgbNEkqO,r=${nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r=${nonce}`

  const serverKey = Buffer.from(scramVerifier('pencil', salt).split(':').at(-1) ?? '', 'base64')

  const signature = createHmac('sha256', serverKey).update(exchange).digest('base64')
  expect(signature).toBe('6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=')
})

test('a verifier matches only its own password', () => {
  const verifier = scramVerifier('pencil')

  expect(matchesVerifier('pencil', verifier)).toBe(true)
  expect(matchesVerifier('Pencil', verifier)).toBe(false)
  expect(matchesVerifier('pencil', 'md5aaaa')).toBe(false)
})
