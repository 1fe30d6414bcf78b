import { globSync } from 'node:fs'
import { describe, expect, test } from '../harness/index.ts'
import { onlySteps, runGate, statesOf } from './vocabulary/gate.ts'
import {
  addFile,
  checkSql,
  errorsInFunctionBodies,
  unusedTriggerFunctions,
  violationsIn,
} from './vocabulary/static-checks.ts'
import { GATE, stepsThatType } from './vocabulary/workflows.ts'

const FILE = (n: number) => `migrations/999${n}_bad.up.sql`
const TITLE = (n: number) => `-- 999${n} bad\n-- needs:  0001\n-- proves: B1.0.1\n`
const UNPINNED = `create function auth.bad() returns void language plpgsql security definer
  as $$ begin perform 1; end $$;`

/** What squawk finds in any file: whether it runs in a transaction does not matter. */
const REQUIRED = 'alter table auth.users add column c text not null;\n'

/** A defect for each linter: which rule finds it, the line, the file and its content. */
const DEFECTS = [
  ['postgres syntax', 4, FILE(0), `${TITLE(0)}selec 1;\n`],
  [
    'squawk adding-required-field',
    4,
    FILE(1),
    `${TITLE(1)}alter table auth.users add column a text not null;\n`,
  ],
  [
    'squawk require-concurrent-index-creation',
    4,
    FILE(2),
    `${TITLE(2)}create index a on auth.users (email);\n`,
  ],
  ['sqlfluff CP01', 4, FILE(3), `${TITLE(3)}SELECT 1;\n`],
  ['pgspot PS003', 4, FILE(4), `${TITLE(4)}${UNPINNED}\n`],
  ['project no-age', 5, FILE(5), `${TITLE(5)}select\nage(now(), now()) > interval '18 years';\n`],
  ['project title', 1, FILE(6), 'select 1;\n'],
  // A way down may do both.
  ['squawk ban-drop-column', 4, FILE(7), `${TITLE(7)}alter table auth.users drop column email;\n`],
  ['squawk ban-drop-table', 4, FILE(8), `${TITLE(8)}drop table auth.users;\n`],
  ['postgres syntax', 2, 'migrations/9990_bad.down.sql', '-- 9990 bad\nselec 1;\n'],
  [
    'squawk adding-required-field',
    2,
    'migrations/9991_bad.down.sql',
    '-- 9991 bad\nalter table auth.users add column b text not null;\n',
  ],
  ['sqlfluff CP01', 1, 'seeds/people/bad.sql', 'SELECT 1;\n'],
  ['postgres syntax', 1, 'seeds/people/syntax.sql', 'selec 1;\n'],
  ['postgres syntax', 3, 'seeds/people/letters.sql', `-- ${'ä'.repeat(40)}\nselect 1;\nselec 1;\n`],
  ['pgspot PS003', 1, 'seeds/people/function.sql', `${UNPINNED}\n`],
  ['squawk adding-required-field', 1, 'seeds/people/column.sql', REQUIRED],
  // Not of a migration, and without a transaction.
  ['squawk adding-required-field', 1, 'migrations/bad.sql', REQUIRED],
  ['squawk adding-required-field', 5, FILE(9), `${TITLE(9)}-- no-transaction\n${REQUIRED}`],
  [
    'squawk adding-required-field',
    3,
    'migrations/9999_bad.down.sql',
    `-- 9999 bad\n-- no-transaction\n${REQUIRED}`,
  ],
] as const
const FOUND = DEFECTS.map(([what, line, file]) => ({ what, line, file }))

describe('D1.1 Static checks of SQL', { timeout: 120_000 }, () => {
  test('D1.1.2 every migration and seed passes', async ({ project }) => {
    const check = await checkSql(project)

    expect(violationsIn(check)).toEqual([])
    expect(check.exitCode).toBe(0)
    expect(JSON.parse(check.stdout).files).toEqual(
      expect.arrayContaining(globSync('{migrations,seeds}/**/*.sql', { cwd: project.root })),
    )
  })

  test('D1.1.2 each kind of defect is found', async ({ project }) => {
    await Promise.all(DEFECTS.map(([, , file, text]) => addFile(project, file, text)))

    const check = await checkSql(project)

    expect(check.exitCode).toBe(1)
    expect(violationsIn(check)).toEqual(expect.arrayContaining(FOUND))
  })

  test('D1.1.2 a planted defect turns the gate red, and on GitHub nothing hides that its step fails', async ({
    project,
  }) => {
    await addFile(project, FILE(3), `${TITLE(3)}SELECT 1;\n`)

    const run = await runGate(project, onlySteps('sql'), { timeoutMs: 100_000 })

    expect(run.exitCode, run.stderr).toBe(1)
    expect(statesOf(run)).toEqual({ sql: 'failed' })
    expect(run.stderr).toContain(`${FILE(3)}:4`)
    expect(stepsThatType(project, GATE, 'scripts/gate.sh --only sql')).toEqual({ count: 1, exceptions: [] })
  })

  test('D1.1.2 a single file can be checked', async ({ project }) => {
    await addFile(project, FILE(3), `${TITLE(3)}SELECT 1;\n`)

    const check = await checkSql(project, FILE(3))

    expect(check.exitCode).toBe(1)
    expect(violationsIn(check)).toEqual([{ what: 'sqlfluff CP01', line: 4, file: FILE(3) }])
  })

  test('D1.1.2 a linter that crashes fails the check', async ({ project }) => {
    await addFile(project, 'migrations/lint/spot.py', 'raise SystemExit("gone")\n')

    const check = await checkSql(project, 'migrations/roles.sql')

    expect(check.exitCode).toBe(3)
  })

  test('D1.1.2 every function body passes plpgsql_check', async ({ db }) => {
    expect(await errorsInFunctionBodies(db)).toEqual([])
    expect(await unusedTriggerFunctions(db)).toEqual([])
  })
})
