// Random SQL texts, and whether they end the transaction that they run in: for the runner, and for Postgres.
import { join } from 'node:path'
import fc from 'fast-check'
import type { Project, Session } from '../../harness/index.ts'

/** Each of them means something in one place and is text in another. */
const SIGNS = ["'", "\\'", '"', '$$', '$a$', '$A$', '--', '/*', '*/', '\n', '\r', ';commit;']

/** How a place where they stand begins and ends. */
const PLACES = [
  ["select '", "';"],
  ["select e'", "';"],
  ["select e'x'\n'", "';"],
  ['select $$', '$$;'],
  ['select $a$', '$a$;'],
  ['select $ö$', '$ö$;'],
  ['select 1 as "x', '";'],
  ['select 1 as x$a$', ';'],
  ['--', '\n'],
  ['--', '\r'],
  ['/*', '*/'],
  ['/*/*', '*/*/'],
] as const

const place = fc
  .tuple(fc.constantFrom(...PLACES), fc.array(fc.constantFrom(...SIGNS), { maxLength: 2 }))
  .map(([[begin, end], signs]) => `${begin}${signs.join('')}${end}`)
const commit = fc.constantFrom('', '', 'commit;', 'rollback;')

export const TEXTS = fc
  .array(fc.tuple(place, commit), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.flat().join(''))

type Runner = typeof import('../../migrations/runner/statements.ts')

/** Whether the runner of this project refuses a text because it begins or ends a transaction. */
export async function refuserOf({ root }: Project): Promise<(text: string) => boolean> {
  const runner: Runner = await import(join(root, 'migrations/runner/statements.ts'))
  return (text) => runner.statementsOf(text).some(runner.controlsTransaction)
}

/** Whether a text ends the transaction that it runs in; undefined when it fails there and nothing remains. */
export async function endsTransaction(session: Session, text: string): Promise<boolean | undefined> {
  await session.query('begin')
  const before = await session.value('select pg_current_xact_id()::text')
  await session.query(text).catch(() => {})
  const after = await session
    .value('select pg_current_xact_id_if_assigned()::text')
    .catch(({ code }: { code?: string }) => (code === '25P02' ? undefined : 'no answer'))
  await session.query('rollback')
  return after === undefined ? undefined : after !== before
}
