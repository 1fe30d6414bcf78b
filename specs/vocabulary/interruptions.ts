// What interrupts a backup: a kill, a full disk, a locked table, a store that goes away.
import { type Database, expect, type Outcome } from '../../harness/index.ts'
import { type Job, STORE } from './backups.ts'
import type { FreshServer } from './fresh-server.ts'
import { countLockWaiters } from './lock-waiters.ts'

/** A table that pg_dump locks, so that the dump waits after its snapshot was taken. */
export const LATE_TABLE = 'reference.legal_documents'

/** Holds the strongest lock on a table until it is disposed. */
export async function lockTable(db: Database, table: string): Promise<AsyncDisposable> {
  const session = await db.connect()
  await session.query(`begin; lock table ${table} in access exclusive mode`)
  return { [Symbol.asyncDispose]: () => session.query('rollback').then(() => session.close()) }
}

/** A backup that waits in the middle of its dump until it is told to go on. */
export async function startWaitingBackup(job: Job, db: Database): Promise<{ goOn(): Promise<Outcome> }> {
  const lock = await lockTable(db, LATE_TABLE)
  const running = job.run(['backup', '--lock-wait', '100'])
  await expect.poll(() => countLockWaiters(db), { timeout: 30_000, interval: 50 }).toBeGreaterThan(0)
  return {
    async goOn() {
      await lock[Symbol.asyncDispose]()
      return running
    },
  }
}

/** A backup whose pg_dump begins only when it is told to go on: the snapshot is open by then. */
export function startHeldBackup(job: Job): Promise<{ goOn(): Promise<Outcome> }> {
  return startHeld(job, 'pg_dump', ['backup'])
}

/** A run that waits, when it first needs that program of Postgres, until it is told to go on. */
export async function startHeld(
  job: Job,
  program: 'pg_dump' | 'pg_restore',
  command: string[],
  variables: Record<string, string> = {},
): Promise<{ goOn(): Promise<Outcome> }> {
  const [reached, go] = [`/tmp/${program}-reached`, `/tmp/${program}-go`]
  const held = `[ "$1" = --version ] && exec ${REAL}/${program} "$@"
touch ${reached}
timeout 60 sh -c 'until [ -e ${go} ]; do sleep 0.05; done'
exec ${REAL}/${program} "$@"`
  const running = job.run(command, { ...variables, ...(await job.replace(program, held)) })
  await job.container.until(['test', '-e', reached])
  return {
    async goOn() {
      await job.shell(`touch ${go}`)
      return running
    },
  }
}

/** Rows that no compression makes smaller, as many MiB. */
export async function addLargeTable(db: Database, mebibytes: number): Promise<void> {
  await db.query(`create table public.large as
    select string_agg(sha512(format('%s %s', page, part)::bytea), '') as bytes
      from generate_series(1, ${mebibytes * 256}) page, generate_series(1, 64) part group by page`)
}

const PID = '/tmp/job.pid'
const REAL = '/usr/lib/postgresql/17/bin'
/** A pg_dump that runs this command when so much of the dump has come. */
const inTheMiddle = (command: string) => `[ "$1" = --version ] && exec ${REAL}/pg_dump "$@"
${REAL}/pg_dump "$@" | head --bytes=100000
${command}`
/** What kills the job, and nothing that it started, at a moment that does not depend on the speed of the machine. */
const KILLERS = {
  'while it checks': { program: 'pg_dump', script: 'kill -9 $PPID' },
  'in the middle of the dump': { program: 'pg_dump', script: inTheMiddle('kill -9 $PPID') },
  'while it decodes': { program: 'pg_restore', script: 'kill -9 $PPID' },
  'as the upload begins': { request: '^PUT .*/dump' },
  'in the second part of a large upload': { request: '^PUT .*partNumber=2', afterBytes: 4 * 2 ** 20 },
  'before the manifest is stored': { request: '^PUT .*/manifest' },
  'after the manifest was stored': { request: '^PUT .*/manifest', isAnswered: true },
} as const

interface RequestKiller {
  request: string
  /** How much of the request has come then. */
  afterBytes?: number
  /** The store has done it, and the job has no answer yet. */
  isAnswered?: boolean
}

/** On the disk of the backups, by nobody of ours. */
export const FILLER = '/backups/filler'

/** Variables of a job that finds its disk full once the dump is decoded, and before anything else is written. */
export function fillDiskWhileDecoding(job: Job): Promise<Record<string, string>> {
  const fill = `dd if=/dev/zero of=${FILLER} bs=64k 2>/dev/null`
  return job.replace('pg_restore', `${fill}\nexec ${REAL}/pg_restore "$@"`)
}

/** Variables of a restore that gets SIGKILL when the rows and foreign keys are in its database, and before it has a name. */
export function killAfterLoading(job: Job): Promise<Record<string, string>> {
  const kill = `for word; do case $word in --use-list=*) ! grep -q ' FK CONSTRAINT ' "\${word#*=}" || kill -9 $PPID ;; esac; done`
  return job.replace('pg_restore', `${REAL}/pg_restore "$@"\n${kill}`)
}

/** Variables of a restore during which somebody makes a table in the database `live` of that server. */
export function createTableMeanwhile(job: Job, { host }: FreshServer): Promise<Record<string, string>> {
  const psql = `${REAL}/psql --no-psqlrc --command 'create table meanwhile ()' postgres://postgres@${host}/live`
  return job.replace('pg_restore', `${psql} > /dev/null\nexec ${REAL}/pg_restore "$@"`)
}

/** Runs a backup that gets SIGKILL at that moment. */
export async function killedAt(job: Job, moment: keyof typeof KILLERS): Promise<Outcome> {
  const killer = KILLERS[moment]
  if ('program' in killer) return job.run(['backup'], await job.replace(killer.program, killer.script))
  const url = await startProxy(job, 9997, killing(killer))
  return job.shell(`echo $$ > ${PID}; HMA_STORE_URL=${url} exec node ops/backup/main.ts backup`)
}

/**
 * Variables of a backup whose pg_dump alone gets SIGKILL, and nothing else of the job: what comes after the beginning of the dump is held
 * back, so that it is in the middle of it.
 */
export function killDump(job: Job): Promise<Record<string, string>> {
  const killed = `[ "$1" = --version ] && exec ${REAL}/pg_dump "$@"
mkfifo "$0.pipe"
(head --bytes=20000; kill -s KILL $$) < "$0.pipe" &
exec ${REAL}/pg_dump "$@" > "$0.pipe"`
  return job.replace('pg_dump', killed)
}

/** Runs a backup that is asked to end in the middle of its dump, as `timeout` and `docker stop` do it. */
export async function endedBy(job: Job, signal: 'TERM' | 'INT'): Promise<Outcome> {
  return job.run(['backup'], await job.replace('pg_dump', inTheMiddle(`kill -s ${signal} $PPID`)))
}

function killing({ request, afterBytes = 0, isAnswered = false }: RequestKiller): Handling {
  return {
    state: `let asking, left = ${afterBytes}`,
    onData: `if (/${request.replaceAll('/', '\\/')}/.test(chunk)) asking = client
        if (!${isAnswered} && asking === client && (left -= chunk.length) < 0) kill()
        else upstream.write(chunk)`,
    onAnswer: `if (${isAnswered} && asking === client && /^HTTP.1.1 200/.test(chunk)) kill()
        else client.write(chunk)`,
  }
}

/** A proxy to the store that breaks its connections, and takes no new ones, after so many bytes from the client. Returns its URL. */
export function disconnectAfter(job: Job, bytes: number): Promise<string> {
  const onData = `left -= chunk.length
        if (left > 0) return upstream.write(chunk)
        server.close()
        for (const socket of sockets) socket.destroy()`
  return startProxy(job, 9999, { state: `let left = ${bytes}`, onData, onAnswer: 'client.write(chunk)' })
}

/** A proxy to the store that sends the beginning of a dump, and then nothing. Returns its URL. */
export function silentInDownload(job: Job): Promise<string> {
  const onData = `if (/^GET .*\\/dump/.test(chunk)) asking = client
        upstream.write(chunk)`
  // The store ends a connection on which nobody asks: the client must not see that.
  const onAnswer = `if (asking !== client) return client.write(chunk)
        upstream.removeAllListeners('close')
        if (!isSilent) client.write(chunk)
        isSilent = true`
  return startProxy(job, 9996, { state: 'let asking, isSilent = false', onData, onAnswer })
}

/** What the proxy does, as JavaScript, with a chunk from the client and with one from the store. */
interface Handling {
  state: string
  onData: string
  onAnswer: string
}

/** Starts a proxy to the store in the container. Returns its URL. */
async function startProxy({ container }: Job, port: number, handling: Handling): Promise<string> {
  const store = new URL(STORE)
  const script = `
    const { readFileSync } = require('node:fs')
    const { connect, createServer } = require('node:net')
    ${handling.state}
    // What was sent before the end may still come: then it is dead already.
    const kill = () => { try { process.kill(Number(readFileSync('${PID}', 'utf8')), 'SIGKILL') } catch {} }
    const sockets = []
    const server = createServer((client) => {
      const upstream = connect(${store.port}, '${store.hostname}')
      sockets.push(client, upstream)
      for (const socket of [client, upstream]) socket.on('error', () => {})
      client.on('data', (chunk) => {
        ${handling.onData}
      })
      client.on('close', () => upstream.destroy())
      upstream.on('data', (chunk) => {
        ${handling.onAnswer}
      })
      upstream.on('close', () => client.destroy())
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
