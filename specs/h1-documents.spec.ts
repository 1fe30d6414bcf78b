import { describe, expect, test } from '../harness/index.ts'
import { fencesOf, unexplainedFences } from './vocabulary/fences.ts'
import { brokenLinks, linksOf } from './vocabulary/links.ts'
import { addFile } from './vocabulary/static-checks.ts'

describe('H1.0 The documentation', () => {
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
  ])('H1.0.1 a link to %s is found', async ([, text = '', target = ''], { project }) => {
    await addFile(project, 'docs/more.md', `# More\n${text} [itself](#more) [the list](acceptance.md)\n`)

    expect(brokenLinks(project)).toEqual([`docs/more.md: ${target}`])
  })

  test('H1.1.2 every block of commands is run, or says why it is not', async ({ sharedProject: project }) => {
    expect(unexplainedFences(project)).toEqual([])
    expect(fencesOf(project, 'docs/runbooks/operations.md').length).toBeGreaterThan(7)
  })

  test.for(['', 'run', 'run within=', 'not run:', 'not run: no'])(
    'H1.1.2 a block that says %j is found',
    async (info, { project }) => {
      await addFile(project, 'docs/more.md', `# More\n\`\`\`sh ${info}\ntrue\n\`\`\`\n`)

      expect(unexplainedFences(project)).toEqual(['docs/more.md:2'])
    },
  )
})
