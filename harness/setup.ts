// The door for what runs outside of a test: the stack's recipe and the faults.
export type { StackRecipe } from './broker/recipe.ts'
export { serveStack } from './broker/serve.ts'
export { clusterSql, edit, edits, faults, inFunction, sql, together } from './proof/fault.ts'
