import { describe, expect, test } from '../harness/index.ts'
import {
  blocksNotForEverybody,
  blocksToRun,
  documents,
  fencesNotRun,
  missingScripts,
  problemsOf,
  runFences,
  typeFences,
  unexplainedFences,
  whereOf,
} from './vocabulary/fences.ts'
import { MOVE, moveToAnotherMachine } from './vocabulary/move.ts'
import { blocksNotForOneShell } from './vocabulary/one-shell.ts'
import {
  alertsInRunbook,
  emptyLists,
  listsOf,
  OPERATIONS,
  operationsOf,
  runOperation,
  typeAlerts,
} from './vocabulary/operations.ts'
import { GATE_FILE, missedBlocks, OPERATIONS_FILE, README, typeReadme } from './vocabulary/runbooks.ts'
import { scriptUses, unknownWords } from './vocabulary/script-options.ts'
import { addFile } from './vocabulary/static-checks.ts'
import { blocksAsSuperuser } from './vocabulary/superusers.ts'
import { blocksTyped } from './vocabulary/typed-blocks.ts'

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

  test('H1.1.2 a block gives a script only options and commands that its --help names', async ({
    sharedProject: project,
  }) => {
    const files = documents(project)

    expect(await unknownWords(project, files)).toEqual([])
    expect(files.flatMap((file) => scriptUses(project, file)).length).toBeGreaterThan(80)
  })

  test.for([
    ['an option', '```sh\nscripts/audit.sh prepare --months 3\n```', 'scripts/audit.sh --months'],
    ['a command', '```sh\nscripts/audit.sh repair\n```', 'scripts/audit.sh repair'],
    ['an option in the next line', '```sh\nscripts/seed.sh all \\\n  --anew\n```', 'scripts/seed.sh --anew'],
    ['an option in brackets', '```sh\n! (./scripts/gate.sh --lst | cat)\n```', 'scripts/gate.sh --lst'],
    ['an option in a comment', '```sh\nscripts/gate.sh # all; --onyl STEP\n```', 'scripts/gate.sh --onyl'],
    ['an option in a sentence', 'Type `scripts/labels.sh --dry` first.', 'scripts/labels.sh --dry'],
  ] as const)('H1.1.2 %s that a script does not know is found', async ([, text, found], { project }) => {
    const good = '```sh\nscripts/compose.sh exec postgres df --all\n(scripts/gate.sh --list) # --only\n```\n'
    await addFile(project, 'docs/more.md', `# More\n${good}\n${text}\n`)

    expect(await unknownWords(project, ['docs/more.md'])).toEqual([`docs/more.md: ${found}`])
  })

  test('H1.1.2 a block needs neither root, nor to write into a secret, nor what only GNU has', async ({
    sharedProject: project,
  }) => {
    expect(blocksNotForEverybody(project)).toEqual([])
  })

  test('B1.0.10 in no block of a document the superuser reads or writes a table that its owner can replace', async ({
    sharedProject: project,
  }) => {
    expect(blocksAsSuperuser(project, documents(project))).toEqual([])
  })

  test.for([
    ['reads', "psql -U postgres -d hma -c 'select email from auth.users'"],
    ['writes', `psql --username=postgres -c "update ml.model set description = 'model'"`],
    ['copies', "psql -U postgres hma -c 'copy (select name from ml.model) to stdout'"],
    ['is sent what writes', `psql=(psql -U postgres)\necho 'insert into ops.kept values (1)' | "$psql" hma`],
  ])(
    'B1.0.10 a block in which the superuser %s such a table is found',
    async ([, text = ''], { project }) => {
      const good = `psql -U postgres -c 'drop table auth.users' -c 'select 1 from pg_class'`
      await addFile(project, 'docs/more.md', `# More\n\`\`\`sh\n${good}\n\`\`\`\n\`\`\`sh\n${text}\n\`\`\`\n`)

      expect(blocksAsSuperuser(project, ['docs/more.md'])).toEqual(['docs/more.md:5'])
    },
  )

  test('H1.1.2 the blocks of a document can be typed one after the other into one shell', async ({
    sharedProject: project,
  }) => {
    expect(blocksNotForOneShell(project, documents(project))).toEqual([])
  })

  test.for([
    ['another folder', 'true && cd docker'],
    ['another option', 'set -e\ntrue'],
    ['no shell', 'scripts/doctor || exit 1'],
    ['a command of its history', 'echo "done!now"'],
  ])('H1.1.2 a block that leaves %s is found', async ([, text = ''], { project }) => {
    const good = `(cd docker && true)\n! false # cd!x\necho 'cd a; !b' "; cd c" $!\n`
    await addFile(project, 'docs/more.md', `# More\n\`\`\`sh\n${good}\`\`\`\n\`\`\`sh\n${text}\n\`\`\`\n`)

    expect(blocksNotForOneShell(project, ['docs/more.md'])).toEqual(['docs/more.md:7'])
  })

  test('H1.1.2 every command of the page on the gate runs as written', async ({ sharedProject: project }) => {
    const runs = await typeFences(project, GATE_FILE)

    expect(problemsOf(runs)).toEqual([])
    expect(whereOf(runs)).toEqual(whereOf(runFences(project, GATE_FILE)))
  })

  test.for([
    ...['', 'run', 'run within=', 'not run:', 'not run: no', 'not run: H1.1.2'],
    ...[
      'not run: it takes far too long',
      'not run: H1.1.29 types it elsewhere',
      'not run: B2.1 runs each command',
    ],
  ])('H1.1.2 a block that says %j is found', async (info, { project }) => {
    await addFile(project, 'docs/more.md', `# More\n\`\`\`sh ${info}\ntrue\n\`\`\`\n`)

    expect(unexplainedFences(project)).toEqual(['docs/more.md:2'])
  })

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

/** Among what is there on the first machine. */
const MOVED = [expect.stringMatching(/^auth\.users 12 \w{32}$/), 'added added']

describe('H1.1 The operations runbook', { timeout: 590_000 }, () => {
  test.for(OPERATIONS)(
    'H1.1.2 every command of "%s" runs as written, does what it is for, and leaves the files as they were',
    async (section, { sharedProject }) => {
      const { runs, changed, seen, expected } = await runOperation(sharedProject, section)

      expect(problemsOf(runs)).toEqual([])
      expect(seen).toEqual(expected)
      expect(expected.length).toBeGreaterThan(1)
      expect(changed).toEqual([])
      expect(missedBlocks(sharedProject, OPERATIONS_FILE, section, runs)).toEqual([])
      expect(await emptyLists(sharedProject, section)).toEqual([])
    },
  )

  test('H1.1.2 the first act of every alert runs as written, and prints something', async ({
    sharedProject,
  }) => {
    const runs = await typeAlerts(sharedProject)

    const alerts = alertsInRunbook(sharedProject)
    const typed = runs.filter(({ section }) => alerts.includes(section))
    expect(problemsOf(runs)).toEqual([])
    expect(typed.map(({ section }) => section)).toEqual(alerts)
    expect(typed.filter(({ output }) => output.trim() === '')).toEqual([])
  })

  test('H1.1.2 every short command of the README runs as written', async ({ sharedProject }) => {
    const runs = await typeReadme(sharedProject)

    const typed = whereOf(runs).filter((where) => where.startsWith(README))
    expect(problemsOf(runs)).toEqual([])
    expect(typed).toEqual(whereOf(runFences(sharedProject, README)))
    expect(typed.length).toBeGreaterThan(0)
  })

  test('H1.1.2 the sections have lists, which must not be empty', async ({ sharedProject: project }) => {
    const lists = OPERATIONS.flatMap((section) => listsOf(project, section))

    expect(lists.length).toBeGreaterThan(1)
  })

  test(`H1.1.2 every command of "${MOVE}" runs as written in a clone where nothing of the stack is left, which then has all rows and objects`, async ({
    project,
  }) => {
    const { runs, changed, content } = await moveToAnotherMachine(project)

    expect(problemsOf(runs)).toEqual([])
    expect(changed).toEqual([])
    expect(missedBlocks(project, OPERATIONS_FILE, MOVE, runs)).toEqual([])
    expect(content.before).toEqual(expect.arrayContaining(MOVED))
    expect(content.after).toEqual(content.before)
  })
})
