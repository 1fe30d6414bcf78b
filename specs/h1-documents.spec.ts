import { describe, expect, test } from '../harness/index.ts'
import {
  blocksToRun,
  missingScripts,
  problemsOf,
  runFences,
  typeFences,
  unexplainedFences,
  whereOf,
} from './vocabulary/fences.ts'
import { brokenLinks, linksOf } from './vocabulary/links.ts'
import { blocksTyped, GATE_FILE } from './vocabulary/runbooks.ts'
import { addFile } from './vocabulary/static-checks.ts'

describe('H1.0 The links of the documentation', () => {
  test('H1.0.1 the README links to what is left to do and to the plan', async ({
    sharedProject: project,
  }) => {
    const targets = linksOf(project).flatMap(({ file, target }) => (file === 'README.md' ? [target] : []))

    expect(targets).toContain('MVP_TODO.md')
    expect(targets).toContain('docs/workstreams.md')
  })

  test('H1.0.1 every link leads to a file, and every anchor to a heading', async ({
    sharedProject: project,
  }) => {
    expect(brokenLinks(project)).toEqual([])
    expect(linksOf(project).length).toBeGreaterThan(30)
  })

  test.for([
    ['a file that does not exist', '[x](nowhere.md)', 'nowhere.md'],
    ['a heading that does not exist', '[x](acceptance.md#nowhere)', 'acceptance.md#nowhere'],
    ['a heading of its own that does not exist', '[x](#nowhere)', '#nowhere'],
    ['no file, with a title', '[x](nowhere.md "More")', 'nowhere.md'],
    ['no file, between angles', '[x](<nowhere.md>)', 'nowhere.md'],
    ['no file, defined elsewhere,', '[x][there]\n\n[there]: nowhere.md', 'nowhere.md'],
    ['what is defined nowhere', '[x][there]', '[there]'],
    ['no file, of an image,', '![x](nowhere.png)', 'nowhere.png'],
    ['no file, in HTML,', '<a href="nowhere.md">x</a>', 'nowhere.md'],
    ['an address without a host', '[x](https:/nowhere)', 'https:/nowhere'],
  ])('H1.0.1 a link to %s is found', async ([, text = '', target = ''], { project }) => {
    const good = '[itself](#more) [the list](acceptance.md "List") [outside](https://example.org/x#y)'
    await addFile(project, 'docs/more.md', `# More\n${good}\n${text}\n`)

    expect(brokenLinks(project)).toEqual([`docs/more.md: ${target}`])
  })
})

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
