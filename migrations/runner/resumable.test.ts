import { expect, test } from 'vitest'
import { resumptionOf } from './resumable.ts'
import { statementsOf } from './statements.ts'

const resumption = (sql: string) => resumptionOf(statementsOf(sql)[0] ?? '')

test.for([
  ['create index concurrently photos_by_user on auth.photos (user_id)', 'auth.photos_by_user'],
  ['CREATE UNIQUE INDEX CONCURRENTLY "By User" ON ONLY auth."Photos" (a)', 'auth."By User"'],
])('%s builds an index that must be valid afterwards', ([sql = '', index]) => {
  expect(resumption(sql)?.builds).toBe(index)
})

test.for([
  'drop index concurrently auth.photos_by_user',
  'alter table audit.audit_log detach partition audit.audit_log_2026_11 concurrently',
  'alter table audit.audit_log attach partition audit.audit_log_2026_11 for values from (1) to (2)',
])('%s can be resumed', (sql) => {
  expect(resumption(sql)).not.toBeNull()
})

test.for([
  'create index photos_by_user on auth.photos (user_id)',
  'create index concurrently on auth.photos (user_id)',
  'drop index concurrently photos_by_user',
  'reindex index concurrently auth.photos_by_user',
  'alter table audit.audit_log detach partition audit.audit_log_2026_11',
  'vacuum auth.photos',
])('%s cannot be resumed', (sql) => {
  expect(resumption(sql)).toBeNull()
})
