import { describe, expect, test } from '../harness/index.ts'
import { addFile } from './vocabulary/gate.ts'

const TOP = '#!/usr/bin/env bash\nset -Eeuo pipefail\n'

/** What is wrong with a script, and what the gate's line about it holds. */
const DEFECTS = [
  ['an unquoted word', `${TOP}rm $1\n`, '[SC2086]'],
  ['a misspelt variable', `${TOP}folder=/tmp\necho "$foler"\n`, '[SC2154]'],
  ['another indentation', `${TOP}if true; then\n      echo yes\nfi\n`, 'scripts/bad'],
] as const

describe('D1.1 The static gate for shell scripts', () => {
  test('D1.1.1 every shell script passes', async ({ project }) => {
    const gate = await project.run('scripts/check-shell.sh')

    expect(gate).toMatchObject({ exitCode: 0, stdout: '' })
  })

  test.for(DEFECTS)(
    'D1.1.1 a planted defect turns the gate red: %s',
    async ([, script, mark], { project }) => {
      await addFile(project, 'scripts/bad.sh', script)

      const gate = await project.run('scripts/check-shell.sh')

      expect(gate.exitCode).toBe(1)
      expect(gate.stdout).toContain('scripts/bad.sh')
      expect(gate.stdout).toContain(mark)
    },
  )

  test('D1.1.1 a script is known by its first line too', async ({ project }) => {
    await addFile(project, 'docker/entrypoint', `${TOP}rm $1\n`)

    const gate = await project.run('scripts/check-shell.sh')

    expect(gate.exitCode).toBe(1)
    expect(gate.stdout).toContain('docker/entrypoint')
  })
})
