// The step that brings the stack up, or sees that it is up.

import { CliError, EXIT } from '../../config/cli-error.ts'
import { type Child, run, succeed } from './child.ts'
import { changedAmong, containersOf, isInPlace, type Model, networksOf, type Wanted } from './containers.ts'
import { type Done, MINUTE_MS, SECOND_MS, stackOf, type Wish } from './wish.ts'

const WAIT_S = 180

/** Starts nothing when every container is well and as the files describe it. */
export async function stack(wish: Wish): Promise<Done> {
  const { root, variant } = wish
  const compose = ['--variant', variant, ...(wish.tools ? ['--profile', 'tools'] : [])]
  const { project } = stackOf(wish)
  const before = await containersOf(project, root)
  const wanted = await described(compose, root)
  const services = wanted.hashes.size
  if (isInPlace(wanted, before, root)) return { changed: false, what: `${services} services, as described` }
  const up = [...compose, 'up', '--wait', '--wait-timeout', String(WAIT_S), '--quiet-pull']
  const { exitCode, stderr } = await run('scripts/compose.sh', up, {
    root,
    withinMs: (WAIT_S + 60) * SECOND_MS,
  })
  const after = await containersOf(project, root)
  const ill = after.filter(({ isWell }) => !isWell)
  if (exitCode !== 0 || ill.length > 0) throw notUp(ill, stderr)
  const changed = changedAmong(before, after)
  return { changed: changed.length > 0, what: `${services} services healthy, ${changed.length} started` }
}

/** Compose's own word is the reason where no container could be made, as when a port is taken. */
function notUp(ill: { service: string; state: string }[], said: string): CliError {
  const who = ill.map(({ service, state }) => `${service} is ${state}`)
  const why = said.split('\n').findLast((line) => /error|fail|refuse/i.test(line))
  const what =
    [...who, ...(why === undefined ? [] : [why.trim()])].join(', ') || 'docker compose up ended with an error'
  return new CliError({
    what: `The stack is not up: ${what}.`,
    next: 'read the last lines above, mend it, and run this again.',
    exitCode: EXIT.failed,
  })
}

/** What the files describe. */
async function described(compose: string[], root: string): Promise<Wanted> {
  const config = [...compose, 'config']
  const plan: Child = { root, withinMs: MINUTE_MS }
  const [hashes, rendered] = await Promise.all([
    succeed('scripts/compose.sh', [...config, '--hash', '*'], plan),
    succeed('scripts/compose.sh', [...config, '--format', 'json'], plan),
  ])
  const lines = hashes.stdout.matchAll(/^(\S+) ([0-9a-f]{64})$/gm)
  return {
    hashes: new Map([...lines].map(([, service = '', hash = '']) => [service, hash])),
    networks: networksOf(JSON.parse(rendered.stdout) as Model),
  }
}
