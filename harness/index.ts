// The only door of the harness.
import './matchers.ts'

export { describe, expect } from 'vitest'
export type { StackRecipe } from './broker/recipe.ts'
export { serveStack } from './broker/serve.ts'
export type { Database } from './databases/database.ts'
export type { Session } from './databases/session.ts'
export { edit, faults, sql } from './faults/fault.ts'
export { test } from './fixtures.ts'
export type { Outcome, Project } from './project.ts'
