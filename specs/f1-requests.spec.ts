import { describe, expect, test } from '../harness/index.ts'
import { contractOf, keysOf, serveMl } from './vocabulary/ml.ts'
import {
  breakRegistry,
  register,
  registerAccepted,
  registerAll,
  registerBeyondRules,
} from './vocabulary/models.ts'
import { AT_THE_LIMITS, oddVersions, pagesOf, servedIn, sortVersions } from './vocabulary/odd-models.ts'
import { ANSWERS, sendRawRequests } from './vocabulary/raw-requests.ts'

describe('F1.1 What a client can do wrong', () => {
  test('F1.1.3 a mistake of a client is answered with 4xx, in time, and logged without a stack', async ({
    project,
    db,
  }) => {
    const ml = await serveMl(project, db)

    const answers = await sendRawRequests(ml)

    expect(answers).toEqual(ANSWERS)
    expect(ml.log()).not.toMatch(/"stack"|"status":5/)
  })

  test('F1.1.3 a defect is answered with 500, and neither answer nor log has SQL or the password', async ({
    project,
    db,
  }) => {
    const ml = await serveMl(project, db)
    const fine = await ml.askAll(['/health', '/models', '/models/moderation', '/models?name=battery-staple'])
    await breakRegistry(db)

    const broken = await ml.askAll(['/models', '/models/moderation'])
    const { violations } = await contractOf(ml)
    ml.end()
    await ml.ended()

    const { detail: _, requestId: __, ...body } = broken[0]?.body ?? {}
    const expected = { type: 'urn:problem-type:hma:unexpected', title: 'The service failed.', status: 500 }
    expect([body, broken.map(({ status }) => status)]).toEqual([expected, [500, 500]])
    expect(violations(broken)).toEqual([])
    // The message of the database is for the log alone.
    expect(JSON.stringify(broken.map(({ body }) => body))).not.toContain('invalid input syntax')
    expect(ml.log()).toContain('invalid input syntax')
    const said = JSON.stringify([fine.map(({ body }) => body), broken.map(({ body }) => body), ml.log()])
    expect(said).not.toMatch(/select|ml\.model|string_to_array|battery-staple/i)
    expect(said).not.toContain(db.passwords.hma_ml)
  })
})

describe('F1.1 What the table takes, the contract serves', () => {
  test('F1.1.1 every version that the table accepts is served as it was registered', async ({
    project,
    db,
  }) => {
    const accepted = await registerAccepted(db, oddVersions(250))
    const ml = await serveMl(project, db)

    const pages = await pagesOf(ml)

    expect(accepted.length).toBeGreaterThan(150)
    expect(servedIn(pages)).toEqual(sortVersions(accepted))
    expect((await contractOf(ml)).violations(pages)).toEqual([])
  })

  test('F1.1.3 the answers obey the published contract at every limit of what the table accepts', async ({
    project,
    db,
  }) => {
    const accepted = await registerAccepted(db, AT_THE_LIMITS)
    const ml = await serveMl(project, db)
    const names = [...new Set(AT_THE_LIMITS.map(({ name }) => name))]

    const replies = await ml.askAll(['/models', ...names.map((name) => `/models/${name}`)])

    expect(accepted).toEqual(AT_THE_LIMITS)
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200))
    expect((await contractOf(ml)).violations(replies)).toEqual([])
  })

  test('F1.1.1 a row that breaks the rules of the table does not hide the others', async ({
    project,
    db,
  }) => {
    await register(db, { name: 'fine' })
    await registerBeyondRules(db, { name: 'odd', uri: 'no address', size: -1 })
    const ml = await serveMl(project, db)

    const reply = await ml.ask('/models')

    expect(keysOf(reply)).toEqual(['fine 1.0.0', 'odd 1.0.0'])
  })

  test('F1.1.1 two filters side by side have their own answers', async ({ project, db }) => {
    await registerAll(db, [
      { name: 'moderation', task: 'text', stage: 'staging' },
      { name: 'ranking', task: 'order', stage: 'archived' },
    ])
    const ml = await serveMl(project, db)
    const pairs = [
      'name=moderation',
      'name=ranking',
      'task=text',
      'task=order',
      'stage=staging',
      'stage=archived',
    ]
    const paths = pairs.map((pair) => `/models?${pair}`)

    const replies = [...(await ml.askAll(paths)), ...(await ml.askAll(paths.toReversed()))]

    const [moderation, ranking] = [['moderation 1.0.0'], ['ranking 1.0.0']]
    const once = [moderation, ranking, moderation, ranking, moderation, ranking]
    expect(replies.map(keysOf)).toEqual([...once, ...once.toReversed()])
  })
})
