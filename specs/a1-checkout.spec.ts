import { describe, expect, test } from '../harness/index.ts'
import { cloneWith, filesThatDiffer, moveInto } from './vocabulary/checkouts.ts'
import { oneLine, putFile, READERS_OF_ENV, runEach } from './vocabulary/files.ts'

/** No variable of a shell can hold such a folder in a list of folders. */
const COLON = 'a:b'

describe('A1.4 Checkouts of other people', { timeout: 150_000 }, () => {
  test('A1.4.7 a clone that git made with the line ends of Windows has every file as any other, and its scripts run', async ({
    project,
  }) => {
    const clone = cloneWith(project, 'core.autocrlf=true')
    const expected = await project.run('scripts/env.sh', ['example'])

    const found = await project.run(`${clone}/scripts/env.sh`, ['example'])

    expect(found).toEqual(expected)
    expect(found).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('HMA_PROJECT=') })
    expect(filesThatDiffer(project, clone)).toEqual([])
  })

  test('A1.4.6 in a folder whose name has a colon every script that reads .env says so in one line', async ({
    project,
  }) => {
    // What a script would read after that: without it one that goes on would start a stack.
    await putFile(project, '.env', 'folder')
    await moveInto(project, COLON)
    const lines = READERS_OF_ENV.map((line) => `${COLON}/${line}`)

    const outcomes = await runEach(project, lines)

    expect(outcomes).toEqual(lines.map((line) => [line, oneLine(3, `/${COLON} has a colon`)]))
  })

  test('A1.4.3 the doctor reports a folder whose name has a colon', async ({ project }) => {
    await moveInto(project, COLON)

    const { exitCode, stdout } = await project.run(`${COLON}/scripts/doctor`, ['--only', 'folder'])

    expect(exitCode).toBe(2)
    expect(stdout).toMatch(new RegExp(`^✗ folder .+/${COLON} has a colon.+ Next: [^\\n]+$`))
  })
})
