// What interrupts a backup: a kill, a full disk, a locked table, a store that goes away.
import type { Database, Outcome } from '../../harness/index.ts'
import { type Job, STORE } from './backups.ts'

/** A table that pg_dump locks, so that the dump waits after its snapshot was taken. */
export const LATE_TABLE = 'reference.legal_documents'

/** Holds the strongest lock on a table until it is disposed. */
export async function lockTable(db: Database, table: string): Promise<AsyncDisposable> {
  const session = await db.connect()
  await session.query(`begin; lock table ${table} in access exclusive mode`)
  return { [Symbol.asyncDispose]: () => session.query('rollback').then(() => session.close()) }
}

/** Rows that no compression makes smaller, as many MiB. */
export async function addLargeTable(db: Database, mebibytes: number): Promise<void> {
  await db.query(`create table public.large as
    select string_agg(sha512(format('%s %s', page, part)::bytea), '') as bytes
      from generate_series(1, ${mebibytes * 256}) page, generate_series(1, 64) part group by page`)
}

const PID = '/tmp/job.pid'
const REAL = '/usr/lib/postgresql/17/bin'
/** What kills the job, and nothing that it started, at a moment that does not depend on the speed of the machine. */
const KILLERS = {
  'while it checks': { program: 'pg_dump', script: 'kill -9 $PPID' },
  'in the middle of the dump': {
    program: 'pg_dump',
    script: `[ "$1" = --version ] && exec ${REAL}/pg_dump "$@"
${REAL}/pg_dump "$@" | head --bytes=100000
kill -9 $PPID`,
  },
  'while it decodes': { program: 'pg_restore', script: 'kill -9 $PPID' },
  'as the upload begins': { request: '^PUT .*/dump' },
  'before the manifest is stored': { request: '^PUT .*/manifest' },
} as const
export const MOMENTS = Object.keys(KILLERS) as (keyof typeof KILLERS)[]

/** Runs a backup that gets SIGKILL at that moment. */
export async function killedAt(job: Job, moment: keyof typeof KILLERS): Promise<Outcome> {
  const killer = KILLERS[moment]
  if ('program' in killer) return job.run(['backup'], await job.replace(killer.program, killer.script))
  const onData = `if (/${killer.request.replaceAll('/', '\\/')}/.test(chunk)) kill()
        else upstream.write(chunk)`
  const url = await startProxy(job, 9997, onData)
  return job.shell(`echo $$ > ${PID}; HMA_STORE_URL=${url} exec node ops/backup/main.ts backup`)
}

/** A proxy to the store that breaks its connections, and takes no new ones, after so many bytes from the client. Returns its URL. */
export function cutAfter(job: Job, bytes: number): Promise<string> {
  const onData = `left -= chunk.length
        if (left > 0) return upstream.write(chunk)
        server.close()
        for (const socket of sockets) socket.destroy()`
  return startProxy(job, 9999, onData, `let left = ${bytes}`)
}

/** Starts a proxy to the store in the container; `onData` decides what becomes of a chunk from the client. */
async function startProxy({ container }: Job, port: number, onData: string, state = ''): Promise<string> {
  const store = new URL(STORE)
  const script = `
    const { readFileSync } = require('node:fs')
    const { connect, createServer } = require('node:net')
    ${state}
    const kill = () => process.kill(Number(readFileSync('${PID}', 'utf8')), 'SIGKILL')
    const sockets = []
    const server = createServer((client) => {
      const upstream = connect(${store.port}, '${store.hostname}')
      sockets.push(client, upstream)
      for (const socket of [client, upstream]) socket.on('error', () => {})
      client.on('data', (chunk) => {
        ${onData}
      })
      client.on('close', () => upstream.destroy())
      upstream.on('data', (chunk) => client.write(chunk)).on('close', () => client.destroy())
    })
    server.listen(${port})`
  await container.exec(['sh', '-c', 'nohup node --eval "$1" > /dev/null 2>&1 &', 'sh', script])
  await container.until(['node', '--eval', `fetch('http://127.0.0.1:${port}/minio/health/live')`])
  return `http://127.0.0.1:${port}`
}

/** The metrics that the job has written, by name. */
export async function metricsOf(job: Job): Promise<Record<string, number>> {
  const { stdout } = await job.shell('cat /backups/metrics.prom')
  const values = stdout.matchAll(/^(hma_\w+) (\S+)$/gm)
  return Object.fromEntries([...values].map(([, name, value]) => [name, Number(value)]))
}
