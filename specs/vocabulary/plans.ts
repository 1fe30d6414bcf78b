// Query plans under row security.
import type { Database, Session } from '../../harness/index.ts'
import { hashOf, type Member, openSessionOf, publish } from './row-security.ts'

export interface Step {
  kind: string
  /** What the step is for its parent: Outer, InitPlan … */
  part: string
  index: string | undefined
  loops: number
  /** Pages that the step and those below it touched. */
  pages: number
}

interface PlanNode {
  'Node Type': string
  'Parent Relationship'?: string
  'Index Name'?: string
  'Actual Loops': number
  'Shared Hit Blocks': number
  'Shared Read Blocks': number
  Plans?: PlanNode[]
}

/** Two thousand people with five sessions and one acceptance each, so that the planner prefers an index; returns one user. */
export async function insertManyUsers(db: Database): Promise<Member> {
  await publish(db, 'terms')
  await db.query(`
    set session_replication_role = replica;
    insert into auth.users (email, password_hash, date_of_birth)
      select 'p' || n || '@example.org', 'x', '1990-01-01' from generate_series(1, 2000) n;
    insert into auth.sessions (user_id, token_hash, expires_at)
      select id, sha256(convert_to(id::text || n, 'UTF8')), now() + interval '1 day' from auth.users, generate_series(1, 5) n;
    insert into auth.legal_acceptance (user_id, document_id) select u.id, d.id from auth.users u, reference.legal_documents d;
    reset session_replication_role;
    analyze auth.users, auth.sessions, auth.legal_acceptance`)
  await db.query(`alter database ${db.name} set track_functions = 'all'`)
  const email = 'p1000@example.org'
  const id = await db.value<string>('select id from auth.users where email = $1', [email])
  return { id, email, ...(await openSessionOf(db, id, 'p1000')), token: hashOf('p1000') }
}

/** The steps of a statement's plan, after it was run. */
export async function stepsOf(session: Session, text: string): Promise<Step[]> {
  const [plan] = await session.value<[{ Plan: PlanNode }]>(`explain (analyze, buffers, format json) ${text}`)
  return flatten(plan.Plan)
}

function flatten(node: PlanNode): Step[] {
  const step = {
    kind: node['Node Type'],
    part: node['Parent Relationship'] ?? 'top',
    index: node['Index Name'],
    loops: node['Actual Loops'],
    pages: node['Shared Hit Blocks'] + node['Shared Read Blocks'],
  }
  return [step, ...(node.Plans ?? []).flatMap(flatten)]
}

/** How often a statement calls auth.current_user_id(), planning included. */
export async function identityLookups(session: Session, text: string): Promise<number> {
  const before = await identityLookupsSoFar(session)
  await session.query(text)
  return (await identityLookupsSoFar(session)) - before
}

function identityLookupsSoFar(session: Session): Promise<number> {
  return session.value<number>(`select coalesce(sum(calls), 0)::int from pg_stat_xact_user_functions
    where schemaname = 'auth' and funcname = 'current_user_id'`)
}

/** Disables index scans in a session. */
export async function disableIndexScans(session: Session): Promise<void> {
  await session.query(
    'set enable_indexscan = off; set enable_indexonlyscan = off; set enable_bitmapscan = off',
  )
}

/** Policies with a call of the identity outside of a subquery of its own. */
export function policiesThatAskPerRow(db: Session): Promise<string[]> {
  return db.column(
    `select format('%s on %s', p.polname, p.polrelid::regclass)
       from pg_policy p, concat_ws(' ', pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)) rule
      where replace(rule, '( SELECT auth.current_user_id() AS current_user_id)', '') ~ 'current_user_id' order by 1`,
  )
}
