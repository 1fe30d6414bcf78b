import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createSocket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { USUAL_SOCKETS } from './endpoint.ts'
import { findEngine } from './find.ts'

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'hma-engine-'))
  return path
}

/** The two replies by which an engine is found, on a socket of its own. */
async function engineAt(where: string | number, answer: RequestListener = alive): Promise<string> {
  const server = createServer(answer)
  onTestFinished(() => void server.close())
  await new Promise<void>((listening) => server.listen(where as string, listening))
  return typeof where === 'string'
    ? `unix://${where}`
    : `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const alive: RequestListener = ({ url }, reply) => {
  const version = { Version: '20.10.24', ApiVersion: '1.41', Arch: 'arm64' }
  reply.end(url === '/version' ? JSON.stringify(version) : 'OK')
}

test('the engine that DOCKER_HOST names is found over a socket and over TCP', async () => {
  const socket = await engineAt(join(folder(), 'engine.sock'))
  const tcp = await engineAt(0)

  expect(await findEngine({ DOCKER_HOST: socket })).toMatchObject({ host: socket, architecture: 'arm64' })
  expect(await findEngine({ DOCKER_HOST: tcp })).toMatchObject({
    host: tcp,
    version: '20.10.24',
    api: '1.41',
  })
})

test('the engine of the current context is found, and set as DOCKER_HOST for programs that know no contexts', async () => {
  const host = await engineAt(0)
  const environment: NodeJS.ProcessEnv = { DOCKER_CONFIG: contextFolder('lab', host) }

  await findEngine(environment)

  expect(environment.DOCKER_HOST).toBe(host)
})

test('DOCKER_HOST takes precedence over a context', async () => {
  const host = await engineAt(0)
  const environment = { DOCKER_HOST: host, DOCKER_CONFIG: contextFolder('lab', 'tcp://127.0.0.1:1') }

  expect(await findEngine(environment)).toMatchObject({ host })
})

test.for([
  ['a socket that does not exist', 'unix:///nowhere/engine.sock'],
  ['a port without a listener', 'tcp://127.0.0.1:1'],
])('%s ends with exit code 3 and the next act', async ([, host]) => {
  await expect(findEngine({ DOCKER_HOST: host })).rejects.toMatchObject({
    exitCode: 3,
    line: expect.stringContaining('scripts/engine.sh'),
  })
})

test('an engine that accepts and does not reply is given up after the time limit', async () => {
  const silent = createSocket(() => {})
  onTestFinished(() => void silent.close())
  await new Promise<void>((listening) => silent.listen(0, '127.0.0.1', listening))
  const began = performance.now()

  const { port } = silent.address() as AddressInfo
  const finding = findEngine({ DOCKER_HOST: `tcp://127.0.0.1:${port}` }, 300)

  await expect(finding).rejects.toMatchObject({ exitCode: 3 })
  expect(performance.now() - began).toBeLessThan(2000)
})

test('a server that is no engine ends with exit code 3', async () => {
  const host = await engineAt(0, (_, reply) => reply.writeHead(404).end())

  await expect(findEngine({ DOCKER_HOST: host })).rejects.toMatchObject({ exitCode: 3 })
})

test.for(['localhost:2375', 'unix://engine.sock', 'tcp://', 'tcp://host:port', 'ssh://me@far', 'fd://'])(
  'DOCKER_HOST=%s ends with exit code 2',
  async (host) => {
    await expect(findEngine({ DOCKER_HOST: host })).rejects.toMatchObject({ exitCode: 2 })
  },
)

test('a context that does not exist ends with exit code 2', async () => {
  const environment = { DOCKER_CONFIG: folder(), DOCKER_CONTEXT: 'gone' }

  await expect(findEngine(environment)).rejects.toMatchObject({ exitCode: 2 })
})

/** A docker configuration whose current context is at `host`. */
function contextFolder(name: string, host: string): string {
  const root = folder()
  const meta = join(root, 'contexts/meta', createHash('sha256').update(name).digest('hex'))
  mkdirSync(meta, { recursive: true })
  writeFileSync(join(root, 'config.json'), JSON.stringify({ currentContext: name }))
  writeFileSync(
    join(meta, 'meta.json'),
    JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }),
  )
  return root
}

test('scripts/engine.sh looks at the same sockets in the same order', () => {
  const [, list = ''] = /for socket in (.*?); do/s.exec(readFileSync('scripts/engine/find.sh', 'utf8')) ?? []

  expect(list.match(/[\w$./]+\.sock/g)).toEqual(USUAL_SOCKETS)
})
