// The engine and the docker command, inspected once for all checks. Node's own modules only: the doctor runs before `npm ci`.
import { CliError, EXIT } from '../../config/cli-error.ts'
import { type Engine, findEngine } from '../engine/find.ts'
import { runBounded } from './run-bounded.ts'

export interface Docker {
  version: string
  /** As image tags spell it: `amd64`, `arm64` … */
  architecture: string
  /** The API version that client and engine agree on. */
  api: string
  /** Body of the engine's /info. */
  info: Record<string, unknown>
  /** Version of Compose; undefined where docker has none. */
  compose: string | undefined
  /** The engine's data folder, as a path of the engine's machine. */
  dataFolder: string
  /** Asks the registry through the engine, as a pull would. Status 0: no reply, and why. */
  manifest(reference: string): Promise<{ status: number; reason: string }>
}

const MANIFEST_WITHIN_MS = 6000

/** What checks need to know of engine and docker command, or the CliError that says why neither can be used. */
export async function inspectDocker(): Promise<Docker | CliError> {
  try {
    // First, because it sets the DOCKER_HOST that the docker command needs.
    const engine = await findEngine()
    const [api, compose, info] = await Promise.all([
      negotiatedApi(),
      runBounded('docker', ['compose', 'version', '--short']),
      engine.getJson('/info') as Promise<Record<string, unknown>>,
    ])
    return {
      ...{ version: engine.version, architecture: engine.architecture, api, info },
      compose: compose.exitCode === 0 ? compose.stdout.trim().replace(/^v/, '') : undefined,
      dataFolder: String(info.DockerRootDir ?? ''),
      manifest: (reference) => manifestOf(engine, reference),
    }
  } catch (error) {
    return error instanceof CliError ? error : unusable((error as Error).message)
  }
}

async function negotiatedApi(): Promise<string> {
  const args = ['version', '--format', '{{.Client.APIVersion}}']
  const { exitCode, stdout, stderr } = await runBounded('docker', args)
  if (exitCode === 0) return stdout.trim()
  if (typeof exitCode === 'string') throw unusable(`docker version: ${exitCode}`)
  throw unusable(stderr.trim().split('\n').at(-1) ?? '')
}

function unusable(why: string): CliError {
  return new CliError({
    what: `The container engine cannot be used: ${why.replace(/\.$/, '')}.`,
    next: 'scripts/engine.sh',
    exitCode: EXIT.unreachable,
  })
}

async function manifestOf(engine: Engine, reference: string): Promise<{ status: number; reason: string }> {
  try {
    const { status, body } = await engine.get(`/distribution/${reference}/json`, MANIFEST_WITHIN_MS)
    return { status, reason: String(JSON.parse(body).message ?? '') }
  } catch (error) {
    return { status: 0, reason: (error as Error).message }
  }
}
