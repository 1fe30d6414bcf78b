import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { shareQuestions } from './sharing.ts'

/** A question is asked after two turns of the event loop. */
async function untilAsked(): Promise<void> {
  await turn()
  await turn()
}

/** A source whose answers are numbered, and come when they are let out. */
function source() {
  const asked: PromiseWithResolvers<number>[] = []
  return {
    asked,
    ask: () => {
      const answer = Promise.withResolvers<number>()
      asked.push(answer)
      return answer.promise
    },
  }
}

test('who comes while a question is under way waits for the next one, all together', async () => {
  const { asked, ask } = source()
  const share = shareQuestions<number>()
  const first = share('page', ask)
  await untilAsked()
  const later = [share('page', ask), share('page', ask)]

  asked[0]?.resolve(1)
  await first
  await untilAsked()
  asked[1]?.resolve(2)

  expect(await Promise.all([first, ...later])).toEqual([1, 2, 2])
  expect(asked).toHaveLength(2)
})

test('who comes in the same turn of the event loop is in the same question', async () => {
  const { asked, ask } = source()
  const share = shareQuestions<number>()
  const all = [share('page', ask), share('page', ask)]

  await untilAsked()
  asked[0]?.resolve(1)

  expect(await Promise.all(all)).toEqual([1, 1])
  expect(asked).toHaveLength(1)
})

test('other questions are asked for themselves', async () => {
  const { asked, ask } = source()
  const share = shareQuestions<number>()

  void share('page', ask)
  void share('card', ask)
  await untilAsked()

  expect(asked).toHaveLength(2)
})

test('a question that failed fails who waited behind it, and the one after is asked anew', async () => {
  const { asked, ask } = source()
  const share = shareQuestions<number>()
  const first = share('page', ask)
  await untilAsked()
  const both = Promise.allSettled([first, share('page', ask)])

  asked[0]?.reject(new Error('gone'))
  const ended = await both
  const after = share('page', ask)
  await untilAsked()
  asked[1]?.resolve(3)

  expect(ended.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(await after).toBe(3)
})
