import { describe, expect, test } from '../harness/index.ts'
import {
  blocksToRun,
  fencesNotRun,
  missingScripts,
  problemsOf,
  runFences,
  typeFences,
  unexplainedFences,
  whereOf,
} from './vocabulary/fences.ts'
import {
  blocksTyped,
  GATE_FILE,
  MOVE,
  missedBlocks,
  moveToAnotherMachine,
  OPERATIONS,
  OPERATIONS_FILE,
  operationsOf,
  runOperation,
} from './vocabulary/runbooks.ts'
import { addFile } from './vocabulary/static-checks.ts'

describe('H1.1 The commands of the documentation', () => {
  test('H1.1.2 every block of commands is run, or says why it is not', async ({ sharedProject: project }) => {
    expect(unexplainedFences(project)).toEqual([])
  })

  test('H1.1.2 the blocks that say that they are run are those that specs type', async ({
    sharedProject: project,
  }) => {
    expect(blocksToRun(project)).toEqual(blocksTyped(project))
    expect(blocksToRun(project).length).toBeGreaterThan(40)
  })

  test('H1.1.2 the operations runbook has these sections and no other, and every block of them is run', async ({
    sharedProject,
  }) => {
    expect(operationsOf(sharedProject)).toEqual([...OPERATIONS, MOVE])
    expect(fencesNotRun(sharedProject, OPERATIONS_FILE)).toEqual([])
  })

  test('H1.1.2 a block names only scripts that exist', async ({ sharedProject: project }) => {
    expect(missingScripts(project)).toEqual([])
  })

  test('H1.1.2 every command of the page on the gate runs as written', async ({ sharedProject: project }) => {
    const runs = await typeFences(project, GATE_FILE)

    expect(problemsOf(runs)).toEqual([])
    expect(whereOf(runs)).toEqual(whereOf(runFences(project, GATE_FILE)))
  })

  test.for(['', 'run', 'run within=', 'not run:', 'not run: no'])(
    'H1.1.2 a block that says %j is found',
    async (info, { project }) => {
      await addFile(project, 'docs/more.md', `# More\n\`\`\`sh ${info}\ntrue\n\`\`\`\n`)

      expect(unexplainedFences(project)).toEqual(['docs/more.md:2'])
    },
  )

  test.for([
    ['without a language', '```\ntrue\n```'],
    ['of another shell', '```console\n$ true\n```'],
    ['of four marks', '````sh\ntrue\n````'],
    ['between tildes', '~~~sh\ntrue\n~~~'],
    ['in a list', '1. ```sh\n   true\n   ```'],
    ['in a quotation', '> ```sh\n> true\n> ```'],
    ['that is only indented', '    scripts/doctor'],
    ['that is called a text', '```text\n$ ./scripts/doctor\n```'],
    ['that never ends', '```sh\ntrue'],
  ])('H1.1.2 a block %s is found', async ([, text = ''], { project }) => {
    const others = '```sql\nselect 1\n```\n\n~~~text\n```\na word: npm\n~~~\n'
    await addFile(project, 'docs/more.md', `# More\n${others}\n${text}\n`)

    expect(unexplainedFences(project)).toEqual(['docs/more.md:11'])
  })

  test.for([
    ['that no spec types', '```sh run within=60\ntrue\n```'],
    ['in a list that no spec types', '- ```bash run within=60 exit=1\n  false\n  ```'],
  ])('H1.1.2 a block %s is found', async ([, text = ''], { project }) => {
    await addFile(project, 'docs/more.md', `# More\n${text}\n`)

    const typed = blocksTyped(project)
    expect(blocksToRun(project).filter((where) => !typed.includes(where))).toEqual(['docs/more.md:2'])
  })
})

describe('H1.1 The operations runbook', { timeout: 590_000 }, () => {
  test.for(OPERATIONS)('H1.1.2 every command of "%s" runs as written', async (section, { sharedProject }) => {
    const runs = await runOperation(sharedProject, section)

    expect(problemsOf(runs)).toEqual([])
    expect(missedBlocks(sharedProject, OPERATIONS_FILE, section, runs)).toEqual([])
  })

  test(`H1.1.2 every command of "${MOVE}" runs as written, where nothing of the stack is left`, async ({
    project,
  }) => {
    const runs = await moveToAnotherMachine(project)

    expect(problemsOf(runs)).toEqual([])
    expect(missedBlocks(project, OPERATIONS_FILE, MOVE, runs)).toEqual([])
  })
})
