// For a Vitest that is started in this folder: it looks for its configuration here and nowhere above.
export { default } from '../vitest.config.ts'
