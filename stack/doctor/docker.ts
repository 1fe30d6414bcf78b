// What the engine says of itself, asked once. Read by hand and not by a library: the doctor comes before `npm ci`.
import { request } from 'node:http'
import { type BoundedResult, runBounded } from './run-bounded.ts'

export interface Docker {
  version: string
  /** The API that client and engine agree on. */
  api: string
  info: Record<string, unknown>
  /** Version of Compose; undefined when docker has none. */
  compose: string | undefined
  /** Folder of the engine's data, as it sees it itself. */
  dataFolder: string
  /** Asks the engine for the manifest of an image, as a pull would: the registry's answer, or why there is none. */
  manifest(reference: string): Promise<{ status: number; reason: string }>
}

const MANIFEST_WITHIN_MS = 6000

/** The engine, or why there is none: in docker's own words, one line. */
export async function meetDocker(): Promise<Docker | string> {
  const version = await runBounded('docker', ['version', '--format', '{{json .}}'])
  if (version.exitCode !== 0) return describeFailure(version)
  const [info, compose, context] = await Promise.all([
    runBounded('docker', ['info', '--format', '{{json .}}']),
    runBounded('docker', ['compose', 'version', '--short']),
    runBounded('docker', ['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}']),
  ])
  const { Client, Server } = parse(version.stdout) as Record<string, Record<string, string>>
  const facts = parse(info.stdout)
  const host = process.env.DOCKER_HOST || context.stdout.trim()
  return {
    version: Server?.Version ?? '',
    api: Client?.ApiVersion ?? '',
    info: facts,
    compose: compose.exitCode === 0 ? compose.stdout.trim().replace(/^v/, '') : undefined,
    dataFolder: String(facts.DockerRootDir ?? ''),
    manifest: (reference) => manifestOf(host, reference),
  }
}

function describeFailure({ exitCode, stderr }: BoundedResult): string {
  if (exitCode === 'no such program') return 'there is no docker command'
  if (exitCode === 'out of time') return 'it does not answer'
  return stderr.trim().split('\n').at(-1) ?? ''
}

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return {}
  }
}

function manifestOf(host: string, reference: string): Promise<{ status: number; reason: string }> {
  const unix = /^unix:\/\/(.+)$/.exec(host)?.[1]
  const tcp = /^(?:tcp|http):\/\/([^/:]+):(\d+)/.exec(host)
  const at = unix === undefined ? { host: tcp?.[1] ?? '', port: Number(tcp?.[2]) } : { socketPath: unix }
  if (unix === undefined && tcp === null)
    return Promise.resolve({ status: 0, reason: `${host} cannot be asked` })
  const { promise, resolve } = Promise.withResolvers<{ status: number; reason: string }>()
  const signal = AbortSignal.timeout(MANIFEST_WITHIN_MS)
  request({ ...at, path: `/distribution/${reference}/json`, signal, agent: false }, (reply) => {
    let body = ''
    reply.setEncoding('utf8').on('data', (text: string) => {
      body += text
    })
    reply.on('end', () =>
      resolve({ status: reply.statusCode ?? 0, reason: String(parse(body).message ?? '') }),
    )
    reply.on('error', ({ message }) => resolve({ status: 0, reason: message }))
  })
    .on('error', ({ message }) => {
      resolve({ status: 0, reason: signal.aborted ? `silent for ${MANIFEST_WITHIN_MS / 1000} s` : message })
    })
    .end()
  return promise
}
