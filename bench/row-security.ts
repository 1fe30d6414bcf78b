// What row security costs: an owner-only query that a policy binds, against the same query with an explicit filter by a role
// that none binds. Both run side by side in one server, person by person, so that a busy machine slows both alike.
import { print, printHeader, printRatio, repeat, spreadOf, timeOf } from './figures.ts'
import { bootMillion, type Million, PEOPLE, type Person, SESSIONS } from './million.ts'

const RUNS = 9
const PAIRS_PER_RUN = 600
const AIM = 'aim: at most 1.05'

const POLICY = 'alter policy people_see_their_sessions on auth.sessions using'
const COLUMNS = 'select id, started_at, expires_at from auth.sessions'
const NEWEST_FIRST = 'ended_at is null order by started_at desc'
const OWN = `${COLUMNS} where ${NEWEST_FIRST}`
const FILTERED = `${COLUMNS} where user_id = $1 and ${NEWEST_FIRST}`

/** Prints what a query costs under row security, planned each time and prepared, and what an unwrapped policy would cost. */
export async function benchRowSecurity(): Promise<void> {
  await using bench = await bootMillion()
  printHeader(
    `Row security, ${SESSIONS.toLocaleString('en')} sessions of ${PEOPLE.toLocaleString('en')} people`,
  )
  await compare(bench, 'planned each time', false)
  await compare(bench, 'prepared', true)
  await compareRequests(bench)
  await compareUnwrapped(bench)
}

async function compare(bench: Million, how: string, prepared: boolean): Promise<void> {
  const runs = await repeatRuns(() => pairUp(bench, prepared))
  const ours = print(
    `own rows by policy, ${how}`,
    runs.flatMap(({ ours }) => ours),
    'us',
  )
  const theirs = print(
    `explicit filter, no policy, ${how}`,
    runs.flatMap(({ theirs }) => theirs),
    'us',
  )
  print(`what the policy adds, run by run, ${how}`, runs.map(addedPercent), '%')
  printRatio(`policy / explicit filter, ${how}`, ours.p50, theirs.p50, AIM)
}

interface Pairs {
  ours: number[]
  theirs: number[]
}

async function repeatRuns(run: () => Promise<Pairs>): Promise<Pairs[]> {
  await run() // fills caches, and lets the planner settle on a plan
  const runs: Pairs[] = []
  for (let n = 0; n < RUNS; n++) runs.push(await run())
  return runs
}

function addedPercent({ ours, theirs }: Pairs): number {
  return (spreadOf(ours).p50 / spreadOf(theirs).p50 - 1) * 100
}

/** Times the query alone: either side is in a transaction, and one of them is identified in it. Microseconds. */
async function pairUp({ bound, unbound, people }: Million, prepared: boolean): Promise<Pairs> {
  const pairs: Pairs = { ours: [], theirs: [] }
  const statement = (name: string, text: string) => (prepared ? { name, text } : { text })
  for (let n = 0; n < PAIRS_PER_RUN; n++) {
    const { id, token } = people[n % people.length] as Person
    const own = async () => {
      await bound.query('begin')
      await bound.query('select auth.identify($1)', [token])
      pairs.ours.push(await microseconds(() => bound.query({ ...statement('own', OWN), values: [] })))
      await bound.query('commit')
    }
    const filtered = async () => {
      await unbound.query('begin')
      pairs.theirs.push(
        await microseconds(() => unbound.query({ ...statement('filtered', FILTERED), values: [id] })),
      )
      await unbound.query('commit')
    }
    for (const side of n % 2 === 0 ? [own, filtered] : [filtered, own]) await side()
  }
  return pairs
}

/** A whole request of one query: what identifying it adds to begin, query and commit. */
async function compareRequests({ bound, unbound, people }: Million): Promise<void> {
  const runs = await repeatRuns(async () => {
    const pairs: Pairs = { ours: [], theirs: [] }
    for (const { id, token } of people.slice(0, PAIRS_PER_RUN)) {
      pairs.ours.push(
        await microseconds(async () => {
          await bound.query('begin')
          await bound.query('select auth.identify($1)', [token])
          await bound.query(OWN)
          await bound.query('commit')
        }),
      )
      pairs.theirs.push(
        await microseconds(async () => {
          await unbound.query('begin')
          await unbound.query(FILTERED, [id])
          await unbound.query('commit')
        }),
      )
    }
    return pairs
  })
  print(
    'a request of one query: begin, identify, query, commit',
    runs.flatMap(({ ours }) => ours),
    'us',
  )
  print(
    'the same without identify',
    runs.flatMap(({ theirs }) => theirs),
    'us',
  )
}

/** Why policies say `(select …)`: without the brackets the identity is asked for at every row that no index spares. */
async function compareUnwrapped(bench: Million): Promise<void> {
  const wrapped = await readWholeTable(bench, 7)
  await bench.admin.query(`${POLICY} (user_id = auth.current_user_id())`)
  const runs = await repeatRuns(() => pairUp(bench, false))
  const unwrapped = await readWholeTable(bench, 2)
  await bench.admin.query(`${POLICY} (user_id = (select auth.current_user_id()))`)
  print(
    'own rows by an unwrapped policy, planned each time',
    runs.flatMap(({ ours }) => ours),
    'us',
  )
  print('what the unwrapped policy adds, run by run', runs.map(addedPercent), '%')
  const once = print('own rows without an index, wrapped', wrapped)
  const perRow = print('own rows without an index, unwrapped', unwrapped)
  printRatio('unwrapped / wrapped, without an index', perRow.p50, once.p50, 'why it is wrapped')
}

async function readWholeTable({ bound, people }: Million, times: number): Promise<number[]> {
  await bound.query('begin')
  await bound.query(
    'set local enable_indexscan = off; set local enable_bitmapscan = off; set local statement_timeout = 0',
  )
  await bound.query('select auth.identify($1)', [people[0]?.token])
  const samples = await repeat(times, () => timeOf(() => bound.query(OWN)))
  await bound.query('commit')
  return samples
}

async function microseconds(work: () => Promise<unknown>): Promise<number> {
  return (await timeOf(work)) * 1000
}
