// The steps of the set-up, each done again without harm: what it does, how long it may take, and whether it changed anything.

import { CliError, EXIT } from '../../config/cli-error.ts'
import { publishedEndpoints } from '../../config/endpoints.ts'
import { type Child, run, succeed } from './child.ts'
import { completeSettings } from './settings.ts'
import { stack } from './up.ts'
import { type Done, MINUTE_MS, SECOND_MS, type Step, stackOf, type Wish } from './wish.ts'

export const STEPS: Step[] = [
  { name: 'doctor', act: doctor },
  { name: 'engine', act: engine },
  { name: 'settings', act: settings },
  { name: 'images', act: images },
  { name: 'stack', act: stack },
  { name: 'seed', act: seed },
  { name: 'smoke', act: smoke },
]

interface Finding {
  check: string
  state: string
  what: string
  next?: string
}

async function doctor({ root, variant }: Wish): Promise<Done> {
  const words = ['--before-setup', '--variant', variant, '--json']
  const { stdout } = await run('scripts/doctor', words, { root, withinMs: MINUTE_MS })
  const { findings } = JSON.parse(stdout) as { findings: Finding[] }
  const broken = findings.filter(({ state }) => state === 'broken')
  if (broken.length > 0) throw brokenMachine(broken)
  return { changed: false, what: `${findings.length} findings, nothing broken` }
}

/** Checks of what is written, and not of the machine. */
const VARIABLES = ['settings', 'secrets', 'images']

/** All that the doctor found broken, a line each. */
function brokenMachine(findings: Finding[]): CliError {
  const exitCode = findings.every(({ check }) => VARIABLES.includes(check)) ? EXIT.usage : EXIT.unreachable
  const errorOf = ({ what, next = '' }: Finding) => ({ what, next, exitCode })
  const [first = { check: '', state: '', what: '' }, ...rest] = findings
  const others = rest.map((finding) => new CliError(errorOf(finding)))
  return new CliError({ ...errorOf(first), facts: { findings }, others })
}

async function engine({ root, yes }: Wish): Promise<Done> {
  const check = await run('scripts/engine.sh', ['--check'], { root, withinMs: MINUTE_MS })
  if (check.exitCode === 0) return { changed: false, what: 'answers' }
  const words = yes ? ['--yes'] : []
  await succeed('scripts/engine.sh', words, { root, withinMs: 10 * MINUTE_MS, shown: true })
  return { changed: true, what: 'installed or started' }
}

async function settings({ root, variant }: Wish): Promise<Done> {
  const plan: Child = { root, withinMs: 30 * SECOND_MS }
  const added = completeSettings(root)
  const { stdout } = await succeed('scripts/env.sh', ['secrets', '--variant', variant, '--json'], plan)
  const { created } = JSON.parse(stdout) as { created: string[] }
  await succeed('scripts/env.sh', ['check', '--variant', variant, '--secrets'], plan)
  const what = `${added.length} variables and ${created.length} secrets added`
  const changed = added.length + created.length > 0
  return { changed, what: changed ? what : 'all there' }
}

async function images({ root }: Wish): Promise<Done> {
  const plan: Child = { root, withinMs: 40 * MINUTE_MS, shown: true }
  const there = await run('scripts/images.sh', ['status', '--json'], { root, withinMs: MINUTE_MS })
  if (there.exitCode !== 0) {
    await succeed('scripts/images.sh', ['ensure'], plan)
  }
  await succeed('scripts/images.sh', ['env'], { root, withinMs: MINUTE_MS })
  const changed = there.exitCode !== 0
  return { changed, what: changed ? 'pulled or built' : 'all there' }
}

async function seed(wish: Wish): Promise<Done> {
  const { root } = wish
  const { secretsFolder, database, ...rest } = stackOf(wish)
  const places = await publishedEndpoints({ secretsFolder, database, ...rest })
  const url = places.find(({ service }) => service === 'postgres')?.url ?? ''
  const environment = {
    HMA_DATABASE_URL: `${url.replace('://', '://postgres@')}/${database}`,
    HMA_DATABASE_PASSWORD_FILE: `${secretsFolder}/postgres-password`,
  }
  const { stdout } = await succeed('scripts/seed.sh', ['all', '--json'], {
    root,
    withinMs: 2 * MINUTE_MS,
    environment,
  })
  const { loaded } = JSON.parse(stdout) as { loaded: Record<string, number> }
  const rows = Object.values(loaded).reduce((sum, count) => sum + count, 0)
  return { changed: rows > 0, what: rows === 0 ? 'nothing new' : `${rows} rows` }
}

interface Touched {
  service: string
  state: string
  what: string
  next?: string
}

async function smoke({ root, variant }: Wish): Promise<Done> {
  const { stdout, stderr } = await run(
    'scripts/smoke.sh',
    ['--variant', variant, '--within', '15', '--json'],
    {
      root,
      withinMs: MINUTE_MS,
    },
  )
  if (stdout === '')
    throw new CliError({ what: stderr.trim(), next: 'scripts/smoke.sh', exitCode: EXIT.failed })
  const { services } = JSON.parse(stdout) as { services: Touched[] }
  const [failed] = services.filter(({ state }) => state === 'failed')
  if (failed !== undefined)
    throw new CliError({
      what: `${failed.service}: ${failed.what}.`,
      next: failed.next ?? 'scripts/smoke.sh',
      exitCode: EXIT.failed,
    })
  return { changed: false, what: `${services.length} services answer` }
}
