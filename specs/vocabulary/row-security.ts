// Identity, and the rows that a user sees with it. `token` here is a token's hash, as the database stores it.
import { createHash } from 'node:crypto'
import pg from 'pg'
import type { Database, Session } from '../../harness/index.ts'
import { insertUser, type NewUser } from './users.ts'

export interface Member {
  id: string
  email: string
  token: Buffer
  session: string
}

/** Owners of the visible rows, by table. */
export interface Seen {
  users: string[]
  sessions: string[]
  acceptances: string[]
}

type Connection = Pick<Session, 'query' | 'value'>

export const noRows: Seen = { users: [], sessions: [], acceptances: [] }

/** The hash of a token. */
export function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

/** A user with an active session and an accepted document, inserted without row security. */
export async function signUp(db: Session, name: string, user: NewUser = {}): Promise<Member> {
  const email = `${name}@example.org`
  const id = await insertUser(db, { email, ...user })
  await db.query(`insert into auth.legal_acceptance (user_id, document_id) values ($1, $2)`, [
    id,
    await publish(db, 'terms'),
  ])
  return { id, email, ...(await openSessionOf(db, id, name)) }
}

const LONG_AGO = { birthDate: `'1970-01-01'`, registeredOn: `'2001-01-01'` }

/** Two users: Ada, and Grace, who registered long ago. */
export async function twoMembers(db: Session): Promise<{ ada: Member; grace: Member }> {
  return { ada: await signUp(db, 'ada'), grace: await signUp(db, 'grace', LONG_AGO) }
}

/** The id of a published document of this name, published now if it is not yet. */
export async function publish(db: Session, name: string): Promise<string> {
  await db.query(
    `insert into reference.legal_documents (name, version, content_sha256) values ($1, '1', sha256('text')) on conflict do nothing`,
    [name],
  )
  return db.value<string>('select id from reference.legal_documents where name = $1', [name])
}

/** One more active session of that user. */
export async function openSessionOf(
  db: Session,
  id: string,
  token: string,
): Promise<Pick<Member, 'token' | 'session'>> {
  const hash = hashOf(token)
  const session = await db.value<string>('select auth.start_session($1, $2)', [id, hash])
  return { token: hash, session }
}

/** The application's own connection, in a transaction identified with this token. */
export async function identifiedApp(db: Database, { token }: Pick<Member, 'token'>): Promise<Session> {
  const app = await db.as('hma_app')
  await app.query('begin')
  await app.query('select auth.identify($1)', [token])
  return app
}

/** One request of the application for that user: identified, run and committed. */
export async function actAs<R>(db: Database, member: Member, text: string, values?: unknown[]): Promise<R[]> {
  const app = await identifiedApp(db, member)
  const rows = await app.query<R>(text, values)
  await app.query('commit')
  return rows
}

/**
 * All rows, as text, of every table and view that the session may read at least a column of, by its name; those of Postgres
 * and its extensions left out.
 */
export async function readEverything(session: Session): Promise<Map<string, string>> {
  const readable = await session.query<{ relation: string; columns: string }>(`
    select c.oid::regclass::text as relation, string_agg(quote_ident(a.attname), ', ') as columns
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relkind in ('r', 'p', 'v', 'm', 'f') and c.relnamespace::regnamespace::text !~ '^(pg_|information_schema)'
       and has_column_privilege(c.oid, a.attnum, 'select') and has_schema_privilege(c.relnamespace, 'usage')
       and not exists (select from pg_depend d where (d.classid, d.objid, d.deptype) = ('pg_class'::regclass, c.oid, 'e'))
     group by c.oid`)
  const shown = new Map<string, string>()
  for (const { relation, columns } of readable)
    shown.set(relation, JSON.stringify(await session.query(`select ${columns} from ${relation}`)))
  return shown
}

/** Names of the relations of auth that show a row. */
export function relationsWithRows(shown: Map<string, string>): string[] {
  return [...shown].flatMap(([relation, rows]) =>
    relation.startsWith('auth.') && rows !== '[]' ? [relation] : [],
  )
}

/** Names of the relations that show this text. */
export function relationsWith(shown: Map<string, string>, text: string): string[] {
  return [...shown].flatMap(([relation, rows]) => (rows.includes(text) ? [relation] : []))
}

/** Owners of the rows that this connection sees, by table of auth. */
export async function visibleRows(connection: Connection): Promise<Seen> {
  const [seen] = await connection.query<Seen>(`
    select array(select id::text      from auth.users            order by 1) as users,
           array(select user_id::text from auth.sessions         order by 1) as sessions,
           array(select user_id::text from auth.legal_acceptance order by 1) as acceptances`)
  return seen ?? noRows
}

/** What a connection sees that sees the rows of these users and no other. */
export function rowsOf(...members: Member[]): Seen {
  const ids = members.map(({ id }) => id).sort()
  return { users: ids, sessions: ids, acceptances: ids }
}

/** The owner of the tables, as a migration runs as it. */
export async function ownerSession(db: Database, role = 'hma_owner'): Promise<Session> {
  const session = await db.as('hma_migrator')
  await session.query(`set role ${role}`)
  return session
}

export interface PoolOfOne extends AsyncDisposable {
  /** Begins, identifies, works and commits; rolls back when the work fails. */
  request<R>(member: Pick<Member, 'token'>, work: (connection: Connection) => Promise<R>): Promise<R>
  /** Works outside of any transaction. */
  plain<R>(work: (connection: Connection) => Promise<R>): Promise<R>
}

/** A pool of one connection, so that each request gets what the previous one left on the connection. */
export function poolOfOne(db: Database, role = 'hma_app'): PoolOfOne {
  const { hostname: host, port } = new URL(db.url)
  const login = { host, port: Number(port), user: role, password: db.passwords[role], database: db.name }
  const pool = new pg.Pool({ ...login, max: 1, connectionTimeoutMillis: 10_000, query_timeout: 30_000 })
  // The server may end the connection before the pool has said goodbye.
  pool.on('connect', (client) => client.on('error', () => {}))
  pool.on('error', () => {})
  const plain: PoolOfOne['plain'] = async (work) => {
    const client = await pool.connect()
    try {
      return await work(connectionOf(client))
    } finally {
      client.release()
    }
  }
  return {
    plain,
    request: ({ token }, work) =>
      plain(async (connection) => {
        await connection.query('begin')
        await connection.query('select auth.identify($1)', [token])
        return finish(connection, work(connection))
      }),
    [Symbol.asyncDispose]: () => pool.end(),
  }
}

async function finish<R>(connection: Connection, work: Promise<R>): Promise<R> {
  try {
    const answer = await work
    await connection.query('commit')
    return answer
  } catch (error) {
    await connection.query('rollback')
    throw error
  }
}

function connectionOf(client: pg.PoolClient): Connection {
  const query = async <R>(text: string, values?: unknown[]) => (await client.query(text, values)).rows as R[]
  return {
    query,
    value: async <V>(text: string, values?: unknown[]) =>
      Object.values((await query<Record<string, unknown>>(text, values))[0] ?? {})[0] as V,
  }
}
