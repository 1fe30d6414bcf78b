// The entry point for specs. What runs outside of a test (stack definition, faults) imports setup.ts, because Vitest does not
// allow `test` to be imported there.
import './matchers.ts'

export { describe, expect } from 'vitest'
export type { Outcome } from './containers/exec.ts'
export { listen } from './containers/listen.ts'
export { openBoundedClient } from './containers/postgres-client.ts'
export { openTcpProxy, type TcpProxy } from './containers/tcp-proxy.ts'
export type { TestContainer } from './containers/test-container.ts'
export { requireImages, test } from './fixtures.ts'
export type { Cluster } from './postgres/cluster.ts'
export { type Database, openDatabase } from './postgres/database.ts'
export type { Session } from './postgres/session.ts'
export type { Project, RunOptions } from './project.ts'
