import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { claimOwnership, ownerIsGone } from './ownership.ts'

test('a living owner keeps what it owns', () => {
  const { labels } = claimOwnership()

  expect(ownerIsGone(labels)).toBe(false)
})

test('an owner that ended is gone', async () => {
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'exit')
  const labels = labelsOf(claimOwnership().labels, 2, String(child.pid))

  expect(ownerIsGone(labels)).toBe(true)
})

test('a reused process id does not pass for the owner', () => {
  const labels = labelsOf(claimOwnership().labels, 3, '1')

  expect(ownerIsGone(labels)).toBe(true)
})

test('an owner from before the last boot is gone', () => {
  const labels = labelsOf(claimOwnership().labels, 1, 'another-boot')

  expect(ownerIsGone(labels)).toBe(true)
})

test('what another machine owns is left alone', () => {
  const labels = labelsOf(claimOwnership().labels, 0, 'another-machine')

  expect(ownerIsGone(labels)).toBe(false)
})

test('what a process of another PID namespace owns is left alone', () => {
  const gone = labelsOf(claimOwnership().labels, 3, '1')

  const foreign = labelsOf(gone, 4, 'pid:[1]')

  expect([ownerIsGone(gone), ownerIsGone(foreign)]).toEqual([true, false])
})

test('what carries no owner is left alone', () => {
  expect(ownerIsGone({})).toBe(false)
})

/** The owner label with one part replaced: host, boot, process, start, PID namespace. */
function labelsOf(labels: Record<string, string>, part: number, value: string): Record<string, string> {
  const parts = (labels['hma.owner'] ?? '').split('/')
  parts[part] = value
  return { 'hma.owner': parts.join('/') }
}
