import { describe, expect, test } from '../harness/index.ts'
import { SESSION_DEPENDENCE, sessionDependence } from './vocabulary/session-dependence.ts'

describe('Rules without a back door', () => {
  test.for([
    ['B1.1.5', 'auth'],
    ['B1.1.7', 'auth'],
    ['B1.1.8', 'auth'],
    ['B1.1.8', 'reference'],
    ['B1.2.5', 'audit'],
    ['B1.2.5', 'ops'],
    ['B1.3.1', 'auth'],
    ['B1.3.1', 'ops'],
    ['B1.4.3', 'ops'],
    ['C1.0.4', 'auth'],
    ['F1.1.2', 'ml'],
    ['F1.1.2', 'ops'],
  ] as const)(
    '%s no rule of schema %s asks who acts, from where or with which settings',
    async ([, schema], { db }) => {
      expect(await sessionDependence(db, schema)).toEqual(SESSION_DEPENDENCE[schema])
    },
  )
})
