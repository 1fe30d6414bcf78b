// Which ports of the stack are taken, and by whom: by name and number, so that one can act on it.
import { createServer } from 'node:net'
import type { ComposeContainer } from '../../config/compose-containers.ts'
import { SERVICE_PORTS } from '../../config/services.ts'
import type { DoctorContext } from './context.ts'
import { broken, type Check, ok, type Result } from './finding.ts'
import { portOwner } from './port-owner.ts'

/** Only dev listens at fixed ports. A port that this very stack holds is not taken. */
export const ports: Check = {
  name: 'ports',
  async run(context) {
    const { variables, variant } = context
    if (variant !== 'dev') return []
    const wanted = SERVICE_PORTS.map(({ variable }) => ({ variable, port: Number(variables[variable]) }))
    const results = await Promise.all(wanted.map(({ variable, port }) => problemOf(variable, port, context)))
    const problems = results.filter((result) => result !== undefined)
    if (problems.length > 0) return problems
    return [ok(`${wanted.map(({ port }) => port).join(', ')} are free or held by this stack`)]
  },
}

export const OF_PORTS = [ports]

async function problemOf(
  variable: string,
  port: number,
  { containers, project }: DoctorContext,
): Promise<Result | undefined> {
  const elsewhere = `set ${variable} in .env to another port`
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    return broken(`${variable} is no port.`, `${elsewhere}, from 1 to 65535.`, variable)
  const error = await listenError(port)
  if (error === undefined) return undefined
  if (error === 'EACCES')
    return broken(`Port ${port} (${variable}) is reserved for root.`, `${elsewhere}.`, variable)
  const container = (await containers()).find(({ ports: published }) => isPublished(published, port))
  if (container?.project === project) return undefined
  const { owner, end } = container === undefined ? await processOwner(port) : containerOwner(container)
  const what = `Port ${port} (${variable}) is taken by ${owner}.`
  return { ...broken(what, `${end}, or ${elsewhere}.`, variable), owner }
}

function isPublished(published: ComposeContainer['ports'], port: number): boolean {
  return published.some(({ hostPort }) => hostPort === port)
}

interface Owner {
  owner: string
  /** How to free the port. */
  end: string
}

function containerOwner({ name }: ComposeContainer): Owner {
  return { owner: `container ${name}`, end: `docker stop ${name}` }
}

async function processOwner(port: number): Promise<Owner> {
  const { pid, name, uid } = (await portOwner(port)) ?? {}
  if (pid !== undefined) return { owner: `process ${pid} (${name})`, end: `kill ${pid}` }
  const whose = uid === undefined ? 'that cannot be seen' : `of user ${uid}`
  return { owner: `a process ${whose}`, end: 'end it' }
}

/** Only an attempt to listen tells: a process that listens at all addresses blocks ours, too. Nothing is served meanwhile. */
function listenError(port: number): Promise<string | undefined> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', ({ code = 'refused' }: NodeJS.ErrnoException) => resolve(code))
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(undefined)))
  })
}
