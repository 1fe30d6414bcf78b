import { expect, test } from 'vitest'
import { SERVICES } from '../../config/services.ts'
import { PROBES } from './probes.ts'

test('every service of the stack has a probe', () => {
  expect(Object.keys(PROBES).sort()).toEqual(SERVICES.map(({ name }) => name).sort())
})
