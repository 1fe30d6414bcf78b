import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { killProcessesIn } from './processes.ts'

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'processes-'))
  return path
}

test.runIf(process.platform === 'linux')(
  'a process that works in the folder is killed, one elsewhere is not',
  async () => {
    const path = folder()
    const inside = spawn('sleep', ['60'], { cwd: path, detached: true })
    const outside = spawn('sleep', ['60'], { cwd: folder(), detached: true })
    onTestFinished(() => void outside.kill('SIGKILL'))
    await Promise.all([once(inside, 'spawn'), once(outside, 'spawn')])
    const ended = once(inside, 'exit')

    const killed = killProcessesIn(path)

    expect(killed).toBe(1)
    expect(await ended).toEqual([null, 'SIGKILL'])
    expect(outside.exitCode).toBeNull()
  },
)

test('a folder that no process works in has none to kill', () => {
  expect(killProcessesIn(folder())).toBe(0)
})
