// Which process listens at a port of this machine.
import { globSync, readFileSync, readlinkSync } from 'node:fs'
import { runBounded } from './run-bounded.ts'

export interface PortOwner {
  pid?: number
  name?: string
  uid?: number
}

export async function portOwner(port: number): Promise<PortOwner | undefined> {
  return process.platform === 'linux' ? ownerInProc(port) : ownerByLsof(port)
}

/** State of a listening socket in /proc/net/tcp. */
const LISTENING = '0A'

/** The socket's number by its port, then the process that has it open. Only root sees those of other users. */
function ownerInProc(port: number): PortOwner | undefined {
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  const rows = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => read(file).split('\n').slice(1))
  const row = rows
    .map((text) => text.trim().split(/\s+/))
    .find((cells) => cells[1]?.endsWith(`:${hex}`) && cells[3] === LISTENING)
  if (row === undefined) return undefined
  const socket = `socket:[${row[9]}]`
  const pid = globSync('/proc/[0-9]*/fd/*')
    .find((path) => linkTarget(path) === socket)
    ?.split('/')[2]
  if (pid === undefined) return { uid: Number(row[7]) }
  return { pid: Number(pid), name: read(`/proc/${pid}/comm`).trim() }
}

/** Empty for a process that has ended meanwhile. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function linkTarget(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

async function ownerByLsof(port: number): Promise<PortOwner | undefined> {
  const { stdout } = await runBounded('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'])
  const pid = /^p(\d+)$/m.exec(stdout)?.[1]
  return pid === undefined ? undefined : { pid: Number(pid), name: /^c(.+)$/m.exec(stdout)?.[1] ?? '' }
}
