// A Postgres server for one restore test: a new cluster in a folder, which only this user reaches, over a socket in that folder.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { CliError, EXIT } from '../../config/cli-error.ts'
import { connectForBackup } from './connection.ts'
import { outputOf } from './postgres-tools.ts'

export interface PrivateServer extends AsyncDisposable {
  /** As its superuser. */
  url: URL
}

const START_MS = 60_000
const POLL_MS = 50
const SUPERUSER = 'postgres'

/** Thrown away afterwards, so nothing needs to survive a crash. No TCP: nothing beyond the socket reaches it. */
const SETTINGS = {
  listen_addresses: '',
  fsync: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '1GB',
  autovacuum: 'off',
  dynamic_shared_memory_type: 'mmap',
  maintenance_work_mem: '128MB',
}

/** Empties the folder first. Disposing stops the server and removes the folder. */
export async function startPrivateServer(folder: string): Promise<PrivateServer> {
  const data = join(folder, 'data')
  await remove(folder, data)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const trust = [
    '--auth=trust',
    `--username=${SUPERUSER}`,
    '--no-sync',
    '--encoding=UTF8',
    '--locale=C.UTF-8',
  ]
  await outputOf('initdb', [...trust, '--pgdata', data]).catch((cause: CliError) => {
    throw notStarted(folder, cause.what, cause)
  })
  const settings = Object.entries({ ...SETTINGS, unix_socket_directories: folder })
  const child = spawn(
    'postgres',
    ['-D', data, ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-4096)
  })
  const closed = once(child, 'close')
  const stop = async () => {
    child.kill('SIGQUIT')
    await closed
    await rm(folder, { recursive: true, force: true })
  }
  const url = new URL(`postgres://${SUPERUSER}@${encodeURIComponent(folder)}:5432/postgres`)
  try {
    await waitUntilReady(url, () => child.exitCode !== null)
    return { url, [Symbol.asyncDispose]: stop }
  } catch (cause) {
    await stop()
    throw notStarted(folder, log, cause)
  }
}

/** The server of a killed test may still run. */
async function remove(folder: string, data: string): Promise<void> {
  const pid = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => undefined)
  if (pid !== undefined)
    await outputOf('pg_ctl', ['stop', '--mode=immediate', '--pgdata', data]).catch(() => {})
  await rm(folder, { recursive: true, force: true })
}

async function waitUntilReady(url: URL, hasEnded: () => boolean): Promise<void> {
  const deadline = Date.now() + START_MS
  for (;;) {
    try {
      const client = await connectForBackup(url)
      return await client.end()
    } catch (error) {
      if (hasEnded() || Date.now() > deadline) throw error
      await pause(POLL_MS)
    }
  }
}

function notStarted(folder: string, log: string, cause: unknown): CliError {
  return new CliError({
    what: `The server of the restore test did not start: ${log.trim().split('\n').at(-1) ?? ''}`,
    where: folder,
    next: 'is there enough memory and disk for it?',
    exitCode: EXIT.unreachable,
    cause,
  })
}
