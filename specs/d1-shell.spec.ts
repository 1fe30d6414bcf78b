import { describe, expect, test } from '../harness/index.ts'
import { addFile } from './vocabulary/static-checks.ts'

const TOP = '#!/usr/bin/env bash\nset -Eeuo pipefail\n'

/** What is wrong with a script, and what the check prints about it. */
const DEFECTS = [
  ['an unquoted word', `${TOP}rm $1\n`, '[SC2086]'],
  ['a misspelt variable', `${TOP}folder=/tmp\necho "$foler"\n`, '[SC2154]'],
  ['another indentation', `${TOP}if true; then\n      echo yes\nfi\n`, 'scripts/bad'],
] as const

describe('D1.1 The check of shell scripts', () => {
  test('D1.1.1 every shell script passes', async ({ project }) => {
    const check = await project.run('scripts/check-shell.sh')

    expect(check).toMatchObject({ exitCode: 0, stdout: '' })
  })

  test.for(DEFECTS)('D1.1.1 the check fails for a script with %s', async ([, script, mark], { project }) => {
    await addFile(project, 'scripts/bad.sh', script)

    const check = await project.run('scripts/check-shell.sh')

    expect(check.exitCode).toBe(1)
    expect(check.stdout).toContain('scripts/bad.sh')
    expect(check.stdout).toContain(mark)
  })

  test('D1.1.1 a script without the suffix .sh is checked too', async ({ project }) => {
    await addFile(project, 'docker/entrypoint', `${TOP}rm $1\n`)

    const check = await project.run('scripts/check-shell.sh')

    expect(check.exitCode).toBe(1)
    expect(check.stdout).toContain('docker/entrypoint')
  })
})
