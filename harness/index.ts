// The door for specs. What is needed outside of a test (recipe, faults) comes through setup.ts, because Vitest
// lets nothing that touches `test` be imported there.
import './matchers.ts'

export { describe, expect } from 'vitest'
export { openTcpProxy, type TcpProxy } from './containers/tcp-proxy.ts'
export type { TestContainer } from './containers/test-container.ts'
export { requireImages, test } from './fixtures.ts'
export type { Cluster } from './postgres/cluster.ts'
export type { Database } from './postgres/database.ts'
export type { Session } from './postgres/session.ts'
export type { Outcome, Project } from './project.ts'
