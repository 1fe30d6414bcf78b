import { Writable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openLog } from './log.ts'

/** A reader that takes each write when told to. */
function reader() {
  const writes: string[] = []
  let read = () => {}
  const output = new Writable({
    decodeStrings: false,
    write(text: string, _encoding, done) {
      writes.push(text)
      read = done
    },
  })
  return { writes, output, read: () => read() }
}

test('the lines of one moment are one write, in their order', async () => {
  const { writes, output } = reader()
  const log = openLog(output)

  log.write('first\n')
  log.write('second\n')

  await expect.poll(() => writes).toEqual(['first\nsecond\n'])
})

test('all that was logged is written before the end', async () => {
  const { writes, output, read } = reader()
  const log = openLog(output)
  log.write('first\n')
  void log.written()
  log.write('last\n')

  const written = log.written()
  for (let write = 0; write < 4; write++) await turn().then(read)
  await written

  expect(writes.join('')).toBe('first\nlast\n')
})

test('what nobody reads has a bound, and how much was lost is told to who reads again', async () => {
  const { writes, output, read } = reader()
  const log = openLog(output)
  const line = `${'x'.repeat(99_999)}\n`

  for (let count = 0; count < 50; count++) log.write(line)
  const first = log.written()
  for (let write = 0; write < 2; write++) await turn().then(read)
  await first
  log.write('again\n')
  void log.written()

  expect(writes[0]?.length).toBeLessThan(1_200_000)
  expect(writes.at(-1)).toMatch(/"lost":3\d,.*\nagain\n$/)
})

test('a reader that is gone does not end the service', async () => {
  const { output } = reader()
  const log = openLog(output)

  output.destroy(new Error('EPIPE'))
  log.write('nobody\n')

  await expect(log.written()).resolves.toBeUndefined()
})
