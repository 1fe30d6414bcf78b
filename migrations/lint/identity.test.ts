import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const FILES = ['0005_audit_capture.up.sql', '0007_identity.up.sql']
const FORM =
  /when (length\(current_setting\('backtrace_functions'\)\)[^;]*?\$')\s+(?:then|and \(not pg_has_role)/g

test('every function that reads the identity of a transaction tests its form in the same way', () => {
  const texts = FILES.map((file) => readFileSync(join(import.meta.dirname, '..', file), 'utf8'))

  const forms = texts.flatMap((text) =>
    [...text.matchAll(FORM)].map(([, form = '']) => form.replaceAll(/\s+/g, ' ')),
  )

  expect(forms).toEqual(Array(3).fill(forms[0]))
  expect(texts.join('').match(/current_setting\('backtrace_functions'\) (?:~|from)/g)).toHaveLength(3)
})
