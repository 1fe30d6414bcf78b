import { describe, expect, test } from '../harness/index.ts'
import { render } from './vocabulary/compose.ts'
import { documents } from './vocabulary/fences.ts'
import { unknownToNpm, usesOfNpm } from './vocabulary/npm-commands.ts'
import { alertsInRunbook } from './vocabulary/operations.ts'
import {
  brokenForms,
  prodForms,
  scriptsForProd,
  scriptsNamedForProd,
  scriptsTyped,
} from './vocabulary/prod-forms.ts'
import { rulesIn } from './vocabulary/rules.ts'
import { DRILLS_FILE, OPERATIONS_FILE } from './vocabulary/runbooks.ts'
import { addFile } from './vocabulary/static-checks.ts'

const PAGES = [OPERATIONS_FILE, DRILLS_FILE]

describe('H1.1 What the documentation types', () => {
  test('H1.1.2 the documents give npm and Vitest only scripts, options, criteria and files that these know', async ({
    sharedProject: project,
  }) => {
    const files = documents(project)

    expect(await unknownToNpm(project, files)).toEqual([])
    expect(files.flatMap((file) => usesOfNpm(project, file)).length).toBeGreaterThan(30)
  })

  test.for([
    ['a script', '```sh\nnpm run benhc leases\n```', 'npm run benhc'],
    ['an option', '```sh\nnpm run mutants -- --opertor key\n```', 'npm run mutants --opertor'],
    ['an option in a comment', '```sh\nnpm run prove # or --fist\n```', 'npm run prove --fist'],
    ['an option in a sentence', 'Type `npm run\nprove -- --kep` then.', 'npm run prove --kep'],
    ['an option of a program without help', '`npm run size -- --deep`', 'npm run size --deep'],
    ['an option for npm', '`npm run prove --all`', 'npm run prove --all, which npm takes for its own'],
    ['a criterion', '`npm run prove B1.1.77`', 'npm run prove B1.1.77'],
    ['a project of Vitest', '`npx vitest --project units`', 'npx vitest --project units'],
    ['an option of Vitest', '`npx vitest run --brial`', 'npx vitest --brial'],
    ['a file', '`npx vitest run specs/b9*`', 'npx vitest specs/b9*'],
    ['a part of a path', '`npx vitest run specs/b1-mail`', 'npx vitest specs/b1-mail'],
  ] as const)('H1.1.2 %s that does not exist is found', async ([, text, found], { project }) => {
    const good =
      '`npm test` `npm run prove B1.1 -- --all` `npx vitest --project unit config` `npx vitest run specs/b1*`'
    await addFile(project, 'docs/more.md', `# More\n${good}\n${text}\n`)

    expect(await unknownToNpm(project, ['docs/more.md'])).toEqual([`docs/more.md: ${found}`])
  })

  test('H1.1.2 every script in a block of operations and drills takes prod as its variant, or its form for prod is written down', async ({
    sharedProject: project,
  }) => {
    const typed = scriptsTyped(project, PAGES)
    const forProd = await scriptsForProd(project, typed)

    const written = prodForms(project).map(({ dev }) => dev.split(' ')[0] ?? '')
    expect(typed.filter((script) => !forProd.includes(script) && !written.includes(script))).toEqual([])
    expect(typed.length).toBeGreaterThan(8)
  })

  test('H1.1.2 the scripts of which the page says that they take prod are those that do, and no other form is written for them', async ({
    sharedProject: project,
  }) => {
    const named = scriptsNamedForProd(project)
    const written = [...new Set(prodForms(project).map(({ dev }) => dev.split(' ')[0] ?? ''))]

    expect(await scriptsForProd(project, named)).toEqual(named)
    expect(await scriptsForProd(project, written)).toEqual([])
    expect(named.length).toBeGreaterThan(5)
  })

  test('H1.1.2 each form for prod is a command of compose whose service and program exist', async ({
    sharedProject: project,
  }) => {
    const { model } = await render(project, 'prod')
    const forms = prodForms(project)

    const migrate = ['status', 'verify', 'apply'].map((command) => `scripts/migrate.sh ${command}`)
    expect(brokenForms(project, forms, Object.keys(model.services))).toEqual([])
    expect(forms.map(({ dev }) => dev)).toEqual(expect.arrayContaining(migrate))
  })

  test('H1.1.2 the operations runbook has one block with the first act of each alert, and of nothing else', async ({
    sharedProject: project,
  }) => {
    // E1.1.3: Prometheus has loaded these rules.
    expect(alertsInRunbook(project)).toEqual(rulesIn(project).map(({ alert }) => alert))
  })
})
