import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { processesUnder, signalAll } from './processes.ts'

/** A shell with a child, in a session of their own. */
async function startTwo(): Promise<{ pid: number; ended: Promise<unknown> }> {
  const shell = spawn('sh', ['-c', 'sleep 60 & echo; wait'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const pid = shell.pid as number
  onTestFinished(() => signalAll(processesUnder(pid), 'SIGKILL'))
  const ended = once(shell, 'exit')
  await once(shell.stdout, 'data')
  return { pid, ended }
}

test('a process and what it has started are found, and ended by a signal', async () => {
  const { pid, ended } = await startTwo()

  const found = processesUnder(pid)
  signalAll(found, 'SIGKILL')
  await ended

  expect(found.map((each) => each.pid)).toContain(pid)
  expect(found).toHaveLength(2)
})

test('a process whose start is printed a second later is the same one', async () => {
  const { pid, ended } = await startTwo()

  const found = processesUnder(pid).map((each) => ({ ...each, startedMs: each.startedMs - 1000 }))
  signalAll(found, 'SIGKILL')
  await ended

  expect(found).toHaveLength(2)
})

test('a process that has got the number of an earlier one gets no signal', async () => {
  const { pid, ended } = await startTwo()

  const found = processesUnder(pid)
  signalAll(
    found.map((each) => ({ ...each, startedMs: each.startedMs - 10_000 })),
    'SIGKILL',
  )
  const left = processesUnder(pid)
  signalAll(left, 'SIGKILL')
  await ended

  expect(left.map((each) => each.pid)).toEqual(found.map((each) => each.pid))
})
