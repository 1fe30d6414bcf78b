import { expect, test } from 'vitest'
import { onLines } from './protocol.ts'

test('a message that arrives in pieces is read once it is whole', () => {
  const received: unknown[] = []
  const feed = onLines((message) => received.push(message))

  feed('{"call":')
  feed('1}\n{"call":2}\n{"ca')

  expect(received).toEqual([{ call: 1 }, { call: 2 }])
})
