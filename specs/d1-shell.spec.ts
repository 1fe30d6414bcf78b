import { describe, expect, test } from '../harness/index.ts'
import { onlySteps, runGate, statesOf } from './vocabulary/gate.ts'
import {
  addFile,
  checkShell,
  checkWithFakes,
  foldersOfShellScripts,
  makeRepository,
  PARTS,
} from './vocabulary/static-checks.ts'
import { GATE, stepsThatType } from './vocabulary/workflows.ts'

const TOP = '#!/usr/bin/env bash\nset -Eeuo pipefail\n'

/** Files that a shell runs, by their name, their first line, or a remark that a script sources them. */
const KINDS = [
  ['docker/entrypoint', `${TOP}rm $1\n`],
  ['.githooks/pre-push', '#!/bin/sh\nrm $1\n'],
  ['scripts/functions.bash', '# shellcheck shell=bash\nrm $1\n'],
  ['scripts/functions', '# shellcheck shell=bash\nrm $1\n'],
] as const

/** What is wrong with a script, and what the check prints about it. */
const DEFECTS = [
  ['an unquoted word', `${TOP}rm $1\n`, '[SC2086]'],
  ['a misspelt variable', `${TOP}folder=/tmp\necho "$foler"\n`, '[SC2154]'],
  ['an exit code that nobody reads', `${TOP}echo "containers: $(docker ps)"\n`, '[SC2312]'],
  ['another indentation', `${TOP}if true; then\n      echo yes\nfi\n`, 'scripts/bad'],
] as const

describe('D1.1 The check of shell scripts', () => {
  test('D1.1.1 every shell script passes', async ({ project }) => {
    const check = await checkShell(project)

    expect(check).toMatchObject({ exitCode: 0, stdout: '' })
  })

  test.for(['.worktrees/other/scripts/bad.sh', '.hma/bad.sh'])(
    'D1.1.1 what git ignores, as another checkout inside of this one, is not checked: %s',
    async (file, { project }) => {
      await addFile(project, file, `${TOP}rm $1\n`)

      const check = await checkShell(project)

      expect(check).toMatchObject({ exitCode: 0, stdout: '' })
    },
  )

  test.for(DEFECTS)('D1.1.1 the check fails for a script with %s', async ([, script, mark], { project }) => {
    await addFile(project, 'scripts/bad.sh', script)

    const check = await checkShell(project)

    expect(check.exitCode).toBe(1)
    expect(check.stdout).toContain('scripts/bad.sh')
    expect(check.stdout).toContain(mark)
  })

  test('D1.1.1 such a script turns the gate red, and on GitHub nothing hides that its step fails', async ({
    project,
  }) => {
    await addFile(project, 'scripts/bad.sh', `${TOP}rm $1\n`)
    makeRepository(project)

    const run = await runGate(project, onlySteps('shell'))

    expect(run.exitCode).toBe(1)
    expect(statesOf(run)).toEqual({ shell: 'failed' })
    expect(stepsThatType(project, GATE, 'scripts/gate.sh --only shell')).toEqual({ count: 1, exceptions: [] })
  })

  test('D1.1.1 a script of every kind is checked, and in every folder that has scripts', async ({
    project,
  }) => {
    const inFolders = foldersOfShellScripts(project).map(
      (folder) => [`${folder}/bad.sh`, `${TOP}rm $1\n`] as const,
    )
    const bad = [...KINDS, ...inFolders]
    await Promise.all(bad.map(([file, script]) => addFile(project, file, script)))

    const check = await checkShell(project)

    expect(bad.length).toBeGreaterThan(8)
    expect(bad.filter(([file]) => !check.stdout.includes(`./${file}:`))).toEqual([])
    expect(check.exitCode).toBe(1)
  })
})

describe('D1.1 The check of everything', () => {
  test('D1.1.1 it runs every part once, and passes when all pass', async ({ project }) => {
    const check = await checkWithFakes(project)

    expect(check).toEqual({ exitCode: 0, called: PARTS })
  })

  test.for(PARTS)(
    'D1.1.1 it fails when %s finds something, and still runs the others',
    async (part, { project }) => {
      const check = await checkWithFakes(project, part)

      expect(check).toEqual({ exitCode: 1, called: PARTS })
    },
  )
})
