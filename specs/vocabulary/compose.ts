import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { type Outcome, type Project, requireImages } from '../../harness/index.ts'
import { profilesOf } from './compose-files.ts'
import { oncePerCopy } from './once-per-copy.ts'

export const VARIANTS = ['dev', 'test', 'prod'] as const
export type Variant = (typeof VARIANTS)[number]

export interface Port {
  host_ip?: string
  published?: string
  target: number
}

export interface Service {
  image: string
  user?: string
  profiles?: string[]
  ports?: Port[]
  networks?: Record<string, unknown>
  volumes?: { type: string; source: string; target: string }[]
  environment?: Record<string, string>
  healthcheck?: { test?: string[]; interval?: string; timeout?: string; retries?: number; disable?: boolean }
  depends_on?: Record<string, { condition: string }>
  deploy?: { resources?: { limits?: { cpus?: number; memory?: string; pids?: number } } }
  restart?: string
  [key: string]: unknown
}

export interface Model {
  name: string
  services: Record<string, Service>
  networks: Record<string, { name: string; internal?: boolean; external?: boolean }>
  volumes: Record<string, { name: string; external?: boolean }>
  secrets: Record<string, { file?: string; environment?: string }>
  configs?: Record<string, { file?: string }>
}

export interface Rendering {
  variant: Variant
  profiles: string[]
  outcome: Outcome
  model: Model
}

type Environment = Record<string, string>

/** Creates .env and secrets as the set-up does, and the secrets of prod in another folder. Done once per copy of the project. */
export const prepare = oncePerCopy(async (project): Promise<Environment> => {
  await requireImages()
  const environment = { HMA_PROJECT: project.composeName }
  await copyFile(join(project.root, '.env.example'), join(project.root, '.env'))
  const inProd = { ...environment, HMA_SECRETS: prodSecretsOf(project) }
  await project.run('scripts/env.sh', ['secrets'], { environment })
  await project.run('scripts/env.sh', ['secrets'], { environment: inProd })
  await missingImages(project)
  return environment
})

const OWN_IMAGE = /^localhost\/(?!hma-stand-in\/)/

/** Writes the references of the images into .env. Returns which of our own the engine does not have: a fault has changed a file in them. */
const missingImages = oncePerCopy(async (project): Promise<string[]> => {
  const { exitCode, stdout } = await project.run('scripts/images.sh', ['env', '--json'])
  if (exitCode !== 0) return []
  const { images } = JSON.parse(stdout) as { images: { name: string; reference: string; there: boolean }[] }
  const own = images.filter(({ reference }) => OWN_IMAGE.test(reference))
  return own.filter(({ there }) => !there).map(({ name }) => name)
})

const BUILT_WITHIN_MS = 240_000

/** Builds the missing ones. Compose would build them within the limit of its start, and the test would fail whatever it asks. */
export const buildImages = oncePerCopy(async (project): Promise<void> => {
  await prepare(project)
  const missing = await missingImages(project)
  const words = ['ensure', ...missing]
  if (missing.length > 0) await project.run('scripts/images.sh', words, { timeoutMs: BUILT_WITHIN_MS })
})

/** Folder of prod's secrets: an absolute path outside of the project. */
export function prodSecretsOf(project: Project): string {
  return `${project.root}-secrets-of-prod`
}

/** Commands that need images. */
const STARTS = new Set(['up', 'run', 'create'])

/** Runs scripts/compose.sh as that variant. */
export async function compose(
  project: Project,
  variant: Variant,
  words: string[],
  environment: Environment = {},
  timeoutMs = 30_000,
): Promise<Outcome> {
  const own = await prepare(project)
  if (words.some((word) => STARTS.has(word))) await buildImages(project)
  const secrets = variant === 'prod' ? { HMA_SECRETS: prodSecretsOf(project) } : {}
  return project.run('scripts/compose.sh', ['--variant', variant, ...words], {
    environment: { ...own, ...secrets, ...environment },
    timeoutMs,
  })
}

/** What compose renders. Done once per copy of the project. */
export const render = oncePerCopy(renderAnew)

async function renderAnew(project: Project, variant: Variant, profiles: string[] = []): Promise<Rendering> {
  const words = [...profiles.flatMap((profile) => ['--profile', profile]), 'config', '--format', 'json']
  const secrets: Environment = variant === 'prod' ? { HMA_SECRETS: prodSecretsOf(project) } : {}
  const outcome = await plainCompose(project, variant, words, secrets)
  const empty: Model = { name: '', services: {}, networks: {}, volumes: {}, secrets: {} }
  const model = outcome.exitCode === 0 ? (JSON.parse(outcome.stdout) as Model) : empty
  return { variant, profiles, outcome, model }
}

/** What docker compose itself prints for a variant's files and .env, without our wrapper and its checks. */
export async function renderRaw(
  project: Project,
  variant: Variant,
  environment: Environment,
): Promise<Outcome> {
  return plainCompose(project, variant, ['config', '--quiet'], environment)
}

async function plainCompose(
  project: Project,
  variant: Variant,
  words: string[],
  environment: Environment,
): Promise<Outcome> {
  const variants = variant === 'dev' ? [] : [`docker/docker-compose.${variant}.yml`]
  const files = ['docker/docker-compose.yml', ...variants].flatMap((file) => ['-f', file])
  const env = { ...(await prepare(project)), ...environment }
  const options = { cwd: project.root, env, reject: false, timeout: 30_000 } as const
  const { exitCode = 1, stdout, stderr } = await execa('docker', ['compose', ...files, ...words], options)
  return { exitCode, stdout, stderr }
}

/** Every variant with every combination of the profiles that its files name. */
export async function renderAll(project: Project): Promise<Rendering[]> {
  const combinations = subsetsOf(profilesOf(project))
  const requests = VARIANTS.flatMap((variant) => combinations.map((profiles) => ({ variant, profiles })))
  return Promise.all(requests.map(({ variant, profiles }) => render(project, variant, profiles)))
}

/** Every variant with all profiles on. */
export async function wholeModels(project: Project): Promise<[variant: Variant, model: Model][]> {
  const profiles = profilesOf(project)
  const all = await Promise.all(VARIANTS.map((variant) => render(project, variant, profiles)))
  return all.map(({ variant, model }) => [variant, model])
}

/** Their services, each under `variant/service`. */
export async function allServices(project: Project): Promise<[name: string, service: Service][]> {
  const models = await wholeModels(project)
  return models.flatMap(([variant, model]) =>
    Object.entries(model.services).map(
      ([name, service]) => [`${variant}/${name}`, service] as [string, Service],
    ),
  )
}

/** Services that run once. */
export function oneShotsIn({ services }: Model): string[] {
  return Object.keys(services).filter((name) => services[name]?.restart === 'no')
}

/** Services that keep data in a named volume. */
export function storesIn({ services }: Model): string[] {
  const keepsData = (name: string) => services[name]?.volumes?.some(({ type }) => type === 'volume')
  return Object.keys(services).filter(keepsData).sort()
}

/** Services that keep running. */
export function longRunningIn({ services }: Model): string[] {
  return Object.keys(services)
    .filter((name) => services[name]?.restart !== 'no')
    .sort()
}

/** Those of the others that share no network with this service, or are missing. */
export function apartFrom({ services }: Model, name: string, others: string[]): string[] {
  const networksOf = (service: string) => Object.keys(services[service]?.networks ?? {})
  const own = networksOf(name)
  return others.filter((other) => !networksOf(other).some((network) => own.includes(network)))
}

/** Services of a variant that keep running, those of these profiles included. */
export async function longRunningServices(
  project: Project,
  variant: Variant,
  profiles: string[] = [],
): Promise<string[]> {
  const { model } = await render(project, variant, profiles)
  return longRunningIn(model)
}

/** Those that no other service waits for: `up --wait` reports their end as a failure. */
export function oneShotsWithoutDependentIn(model: Model): string[] {
  const lasting = Object.values(model.services).filter(({ restart }) => restart !== 'no')
  const isWaitedFor = (name: string) =>
    lasting.some((service) => service.depends_on?.[name]?.condition === 'service_completed_successfully')
  return oneShotsIn(model).filter((name) => !isWaitedFor(name))
}

function subsetsOf([word, ...others]: string[]): string[][] {
  if (word === undefined) return [[]]
  const without = subsetsOf(others)
  return [...without, ...without.map((subset) => [word, ...subset])]
}
