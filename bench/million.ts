// A million sessions in a server of its own, with production's durability, for benches of queries.
import pg from 'pg'
import { createNetwork, startPostgres, sweepRun } from '../harness/setup.ts'
import { stackDefinition } from '../specs/stack-definition.ts'
import { claimOwnership } from '../stack/engine/ownership.ts'
import { resolveImage } from '../stack/images/resolve.ts'

export const SESSIONS = 1_000_000
export const PEOPLE = 20_000
const UNBOUND = { user: 'bench_unbound', password: 'bench' }
const KNOWN = 600

export interface Person {
  id: string
  token: Buffer
}

export interface Million extends AsyncDisposable {
  admin: pg.Client
  /** The application, bound by policies. */
  bound: pg.Client
  /** A role with the same rows in reach, bound by none. */
  unbound: pg.Client
  people: Person[]
}

/** A server of its own with production's durability, filled; gone again when disposed, or when it could not be filled. */
export async function bootMillion(): Promise<Million> {
  await using made = new AsyncDisposableStack()
  const owner = claimOwnership()
  made.defer(async () => void (await sweepRun(owner.run)))
  const [image, network] = await Promise.all([resolveImage('hma-postgres'), createNetwork(owner)])
  const plan = { image, network, password: 'bench', profile: 'durable' } as const
  const { host, port, user, password } = await startPostgres(owner, plan)
  const url = `postgres://${user}:${password}@${host}:${port}/postgres`
  await stackDefinition.templates.rls?.build({ url, name: 'postgres' })
  const open = async (login: { user: string; password: string | undefined }) => {
    const client = new pg.Client({ ...login, host, port, database: 'postgres' })
    await client.connect()
    made.defer(() => client.end())
    return client
  }
  const admin = await open({ user, password })
  const people = await fill(admin)
  const bound = await open({ user: 'hma_app', password: stackDefinition.roles.hma_app })
  const unbound = await open(UNBOUND)
  const kept = made.move()
  return { admin, bound, unbound, people, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}

/** Sessions are spread, so that those of one person stand on as many pages as there are. Returns people with a known token. */
async function fill(admin: pg.Client): Promise<Person[]> {
  await admin.query(`
    set session_replication_role = replica;
    insert into auth.users (email, password_hash, date_of_birth)
      select 'p' || n || '@example.org', 'x', '1990-01-01' from generate_series(1, ${PEOPLE}) n;
    create temporary table numbered as select row_number() over () as n, id from auth.users;
    insert into auth.sessions (user_id, token_hash, expires_at)
      select p.id, sha256(convert_to(s.n::text, 'UTF8')), now() + interval '10 days'
        from generate_series(1, ${SESSIONS}) s (n) join numbered p on p.n = 1 + s.n * 7919::bigint % ${PEOPLE} order by s.n;
    reset session_replication_role;
    create role ${UNBOUND.user} login bypassrls password '${UNBOUND.password}';
    grant connect on database postgres to ${UNBOUND.user};
    grant usage on schema auth to ${UNBOUND.user};
    grant select on auth.sessions to ${UNBOUND.user}`)
  await admin.query('vacuum analyze auth.users, auth.sessions')
  const { rows } = await admin.query<Person>(`
    select s.user_id as id, s.token_hash as token from generate_series(1, ${KNOWN}) n
      join auth.sessions s on s.token_hash = sha256(convert_to(n::text, 'UTF8'))`)
  return rows
}
