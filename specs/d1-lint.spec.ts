import { describe, expect, test } from '../harness/index.ts'
import { foldersOfTypeScript, lint, namedRules } from './vocabulary/static-checks.ts'

const FLOATING = `async function write(): Promise<void> {
  await fetch('http://127.0.0.1')
}
write()
`

/** A defect for each rule that biome.json names. */
const DEFECTS: [rule: string, text: string][] = [
  [
    'useImportType',
    "import { Socket } from 'node:net'\n\nexport const end = (socket: Socket) => socket.end()\n",
  ],
  ['useNodejsImportProtocol', "import { join } from 'path'\n\nexport const path = join('a', 'b')\n"],
  ['useConst', 'let one = 1\n\nexport const two = one + one\n'],
  ['noFloatingPromises', FLOATING],
  ['noExplicitAny', 'export const same = (value: any) => value\n'],
  ['noSkippedTests', "xtest('one', () => {})\n"],
  ['noFocusedTests', "fdescribe('one', () => {})\n"],
  ['noUnusedImports', "import { join } from 'node:path'\n"],
  ['noUnusedVariables', 'const one = 1\n'],
]

describe('D1.1 The check of TypeScript', () => {
  test('D1.1.1 a defect of every kind that its configuration names is found', async ({ project }) => {
    const files = DEFECTS.map(([rule, text]) => [`stack/${rule}.ts`, text] as const)

    const { exitCode, found } = await lint(project, files)

    expect(exitCode).toBe(1)
    expect(found).toEqual(expect.arrayContaining(DEFECTS.map(([rule]) => `stack/${rule}.ts ${rule}`)))
    expect(DEFECTS.map(([rule]) => rule).sort()).toEqual(namedRules(project).sort())
  })

  test('D1.1.1 a promise that nobody awaits is found in every folder', async ({ project }) => {
    const folders = foldersOfTypeScript(project)

    const { exitCode, found } = await lint(
      project,
      folders.map((folder) => [`${folder}/floating.ts`, FLOATING] as const),
    )

    expect(exitCode).toBe(1)
    expect(found.sort()).toEqual(folders.map((folder) => `${folder}/floating.ts noFloatingPromises`))
    expect(folders.length).toBeGreaterThan(9)
  })
})
