import { describe, expect, test } from '../harness/index.ts'
import { brokenLinks, linksOf } from './vocabulary/links.ts'
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
})
