import { describe, expect, test } from '../harness/index.ts'
import { brokenLinks, linksOf } from './vocabulary/links.ts'
import { missingPathsInCode, pathsInCode } from './vocabulary/paths.ts'
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
    ['what git leaves out', '[x](../node_modules/pg/LICENSE)', '../node_modules/pg/LICENSE'],
    ['what is outside of the clone', '[x](../..)', '../..'],
    ['an address without a host', '[x](https:/nowhere)', 'https:/nowhere'],
  ])('H1.0.1 a link to %s is found', async ([, text = '', target = ''], { project }) => {
    const good = '[itself](#more) [the list](acceptance.md "List") [outside](https://example.org/x#y)'
    await addFile(project, 'docs/more.md', `# More\n${good}\n${text}\n`)

    expect(brokenLinks(project)).toEqual([`docs/more.md: ${target}`])
  })

  test('H1.0.1 every path that a document names as code exists', async ({ sharedProject: project }) => {
    expect(missingPathsInCode(project)).toEqual([])
    expect(pathsInCode(project).length).toBeGreaterThan(300)
  })

  test.for([
    ['a file', 'It is in `config/nowhere.ts`.', 'config/nowhere.ts'],
    ['a folder', 'They are in `stack/nowhere/`.', 'stack/nowhere/'],
    ['a script of a command', '`./scripts/nowhere.sh --all`', 'scripts/nowhere.sh'],
    ['a file of any name', '`specs/z9*`', 'specs/z9*'],
    ['a file in a block', '```sql\n-- see migrations/nowhere.sql\n```', 'migrations/nowhere.sql'],
    ['a file whose folder is hidden', '`.github/nowhere.yml`', '.github/nowhere.yml'],
  ])(
    'H1.0.1 %s that code names and that does not exist is found',
    async ([, text = '', path = ''], { project }) => {
      const good =
        '`config/root.ts` `specs/b1*` `stack/setup/` `s3://models/docs/x` `node_modules/x` specs/nowhere'
      await addFile(project, 'docs/more.md', `# More\n${good}\n${text}\n`)

      expect(missingPathsInCode(project)).toEqual([`docs/more.md: ${path}`])
    },
  )
})
