import { globSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** With code of ours. A pattern for all folders would find the tests of other checkouts inside of this one. */
const FOLDERS = 'bench,config,harness,migrations,ml-stub,ops,seeds,stack'
// Whatever folder of the project it is started in.
process.chdir(import.meta.dirname)

export default defineConfig({
  root: import.meta.dirname,
  test: {
    // A criterion that needs a second try, an `only`, or no assertion at all is not proven.
    retry: 0,
    allowOnly: false,
    expect: { requireAssertions: true },
    includeTaskLocation: true,
    // What a test that passed printed is of no interest.
    silent: 'passed-only',
    teardownTimeout: 30_000,
    maxWorkers: Math.max(2, availableParallelism() - 1),
    reporters: ['default', './harness/proof/reporter.ts'],
    watchTriggerPatterns: [
      { pattern: /(?:migrations|seeds)\/.*\.sql$/, testsToRun: () => globSync('specs/**/*.spec.ts') },
    ],
    projects: [
      {
        extends: true,
        // A test that starts a process takes its time on a busy machine.
        test: {
          name: 'unit',
          include: [`{${FOLDERS}}/**/*.test.ts`],
          setupFiles: ['./harness/temporary-folder.ts'],
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'acceptance',
          include: ['specs/**/*.spec.ts'],
          globalSetup: ['./specs/global-setup.ts'],
          setupFiles: ['./harness/proof/skip-after-caught.ts'],
          // One process per worker for all its files: its broker socket and the database leased ahead live on.
          pool: 'forks',
          isolate: false,
          // The first test of a service waits for its boot, which gives up earlier and says why.
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
