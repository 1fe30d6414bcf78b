// Attempts to bypass row security.
import { type Database, openBoundedClient, type Session } from '../../harness/index.ts'
import { disableIndexScans } from './plans.ts'
import { identifiedApp, type Member } from './row-security.ts'

/** Lines that COPY … TO STDOUT sends to the application, as that user. */
export async function copyOut(db: Database, { token }: Member, text: string): Promise<string[]> {
  const { hostname: host, port } = new URL(db.url)
  const login = {
    host,
    port: Number(port),
    user: 'hma_app',
    password: db.passwords.hma_app,
    database: db.name,
  }
  const client = await openBoundedClient(login)
  const lines: string[] = []
  try {
    client.connection.on('copyData', ({ chunk }: { chunk: Buffer }) => lines.push(chunk.toString().trimEnd()))
    await client.query('begin')
    await client.query('select auth.identify($1)', [token])
    await client.query(text)
    return lines
  } finally {
    await client.end()
  }
}

/** Functions that may see a row before its policy does. */
export function leakproofFunctions(db: Session): Promise<string[]> {
  return db.column('select oid::regprocedure::text from pg_proc where proleakproof order by 1')
}

/** The leaf that holds this month's audit rows. */
export function leafOfThisMonth(db: Session): Promise<string> {
  return db.value<string>(`select 'audit.' || audit.leaf_of(clock_timestamp())`)
}

/** Creates a schema with USAGE for everybody, whose operators compare everything as equal and whose functions accept every token. */
export async function createHijackingSchema(db: Session): Promise<void> {
  await db.query(`
    create schema evil;
    grant usage on schema evil to public;
    create function evil.same(uuid, uuid) returns boolean language sql immutable return true;
    create function evil.same(bytea, bytea) returns boolean language sql immutable return true;
    create function evil.same(text, text) returns boolean language sql immutable return true;
    create operator evil.= (leftarg = uuid, rightarg = uuid, function = evil.same);
    create operator evil.= (leftarg = bytea, rightarg = bytea, function = evil.same);
    create operator evil.= (leftarg = text, rightarg = text, function = evil.same);
    create function evil.current_user_id() returns uuid language sql return (select null::uuid);
    create function evil.translate(text, text, text) returns text language sql immutable return ''`)
}

/**
 * Runs a query as Ada with a function `spy` that fails when it sees an address that is not hers. Its cost is so low that the planner
 * would evaluate it first, and no index filters hidden rows before it.
 */
export async function queryWithSpy<R>(db: Database, ada: Member, text: string): Promise<R[]> {
  await db.query(`create schema evil; grant usage on schema evil to hma_app;
    create function evil.spy(email text) returns boolean language plpgsql cost 0.0000001 as $$ begin
      if email <> '${ada.email}' then raise exception 'seen: %', email; end if; return true; end $$`)
  const app = await identifiedApp(db, ada)
  await disableIndexScans(app)
  await app.query('set search_path = evil')
  return app.query<R>(text)
}
