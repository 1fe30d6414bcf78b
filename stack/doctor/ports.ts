// Which ports of the stack are taken, and by whom: by name and number, so that one can act on it.
import { globSync, readFileSync, readlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { ask } from './bounded.ts'
import type { Container } from './docker.ts'
import { type Finding, voiceOf } from './finding.ts'
import type { Room } from './room.ts'

/** Only dev listens at fixed ports. A port that this very project holds is in its place. */
export async function ports({ variables, variant, docker: meet, project }: Room): Promise<Finding[]> {
  const voice = voiceOf('ports')
  const docker = await meet()
  const wanted = Object.entries(variables).filter(([name]) => /^HMA_[A-Z_]+_PORT$/.test(name))
  if (variant !== 'dev' || wanted.length === 0) return []
  const containers = typeof docker === 'string' ? [] : docker.containers
  const found = await Promise.all(
    wanted.map(([variable, value]) => findingOf(variable, Number(value), containers, project)),
  )
  const taken = found.filter((finding) => finding !== undefined)
  return taken.length > 0
    ? taken
    : [voice.ok(`${wanted.map(([, port]) => port).join(', ')} are free or held by this stack`)]
}

async function findingOf(variable: string, port: number, containers: Container[], project: string) {
  const voice = voiceOf('ports')
  const other = `set ${variable} in .env to another port`
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    return voice.broken(`${variable} is no port.`, `${other}, from 1 to 65535.`, variable)
  const refused = await refusalToListen(port)
  if (refused === undefined) return undefined
  if (refused === 'EACCES')
    return voice.broken(`Port ${port} (${variable}) is for root alone.`, `${other}.`, variable)
  const container = containers.find(({ ports: published }) => publishes(published, port))
  if (container?.project === project) return undefined
  const [owner, end] = container === undefined ? await processAt(port) : containerAt(container)
  const what = `Port ${port} (${variable}) is taken by ${owner}.`
  return { ...voice.broken(what, `${end}, or ${other}.`, variable), owner }
}

function containerAt({ name }: Container): [owner: string, end: string] {
  return [`container ${name}`, `docker stop ${name}`]
}

async function processAt(port: number): Promise<[owner: string, end: string]> {
  const owner = await ownerOf(port)
  if (owner?.pid !== undefined) return [`process ${owner.pid} (${owner.name})`, `kill ${owner.pid}`]
  const whose = owner?.uid === undefined ? 'that cannot be seen' : `of user ${owner.uid}`
  return [`a process ${whose}`, 'end it']
}

/** Only an attempt tells: what listens at all addresses takes ours, too. Nothing is served meanwhile. */
function refusalToListen(port: number): Promise<string | undefined> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', ({ code = 'refused' }: NodeJS.ErrnoException) => resolve(code))
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(undefined)))
  })
}

/** The engine tells ports side by side as one range: `127.0.0.1:9000-9001->9000-9001/tcp`. */
function publishes(published: string, port: number): boolean {
  const ranges = [...published.matchAll(/:(\d+)(?:-(\d+))?->/g)]
  return ranges.some(([, first, last = first]) => Number(first) <= port && port <= Number(last))
}

interface Owner {
  pid?: number
  name?: string
  uid?: number
}

async function ownerOf(port: number): Promise<Owner | undefined> {
  return process.platform === 'linux' ? ownerByProc(port) : ownerByLsof(port)
}

const LISTENING = '0A'

/** Linux: the socket's number by its port, then the process that has it open. Others' are seen by root alone. */
function ownerByProc(port: number): Owner | undefined {
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  const rows = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => read(file).split('\n').slice(1))
  const cells = rows.map((row) => row.trim().split(/\s+/))
  const row = cells.find((cell) => cell[1]?.endsWith(`:${hex}`) && cell[3] === LISTENING)
  if (row === undefined) return undefined
  const socket = `socket:[${row[9]}]`
  const open = globSync('/proc/[0-9]*/fd/*').find((path) => linkOf(path) === socket)
  const pid = open?.split('/')[2]
  if (pid === undefined) return { uid: Number(row[7]) }
  return { pid: Number(pid), name: read(`/proc/${pid}/comm`).trim() }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

async function ownerByLsof(port: number): Promise<Owner | undefined> {
  const { stdout } = await ask('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'])
  const pid = /^p(\d+)$/m.exec(stdout)?.[1]
  return pid === undefined ? undefined : { pid: Number(pid), name: /^c(.+)$/m.exec(stdout)?.[1] ?? '' }
}
