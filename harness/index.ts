// The door for specs. What is needed outside of a test (recipe, faults) comes through setup.ts, because Vitest
// lets nothing that touches `test` be imported there.
import './matchers.ts'

export { describe, expect } from 'vitest'
export type { Cluster } from './databases/cluster.ts'
export type { Database } from './databases/database.ts'
export type { Session } from './databases/session.ts'
export { test } from './fixtures.ts'
export type { Outcome, Project } from './project.ts'
export type { Specimen } from './services/specimen.ts'
export { openWire, type Wire } from './wire.ts'
