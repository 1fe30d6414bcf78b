// What confines a service in the rendered model. Each missing restriction has a name: `service: what`.
import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parse } from 'yaml'
import type { Project } from '../../harness/index.ts'
import { type Model, prepare, type Service } from './compose.ts'
import { type ComposeFile, composeFiles } from './compose-files.ts'

type Check = [what: string, isConfined: (service: Service) => boolean]

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

/** All that a service needs. Whatever else it has may open it, as group_add, volumes_from and use_api_socket do. */
const KNOWN = new Set([
  ...[
    'build',
    'cap_add',
    'cap_drop',
    'command',
    'configs',
    'depends_on',
    'deploy',
    'entrypoint',
    'environment',
  ],
  ...['healthcheck', 'image', 'init', 'logging', 'networks', 'ports', 'profiles', 'read_only', 'restart'],
  ...['secrets', 'security_opt', 'shm_size', 'stop_grace_period', 'tmpfs', 'ulimits', 'user', 'volumes'],
])

const CHECKS: Check[] = [
  ['cap_drop', ({ cap_drop }) => list(cap_drop).join() === 'ALL'],
  ['cap_add', ({ cap_add }) => list(cap_add).length === 0],
  ['security_opt', ({ security_opt }) => list(security_opt).join() === 'no-new-privileges:true'],
  ['read_only', ({ read_only }) => read_only === true],
  ['privileged', ({ privileged }) => privileged !== true],
  ['user', ({ user = '' }) => /^[1-9]\d*:[1-9]\d*$/.test(user)],
  [
    'engine socket',
    (service) => !/docker\.sock|containerd\.sock|podman\.sock|DOCKER_HOST/.test(JSON.stringify(service)),
  ],
  [
    'namespaces',
    ({ pid, ipc, uts, userns_mode, network_mode, cgroup }) =>
      ![pid, ipc, uts, userns_mode, network_mode, cgroup].some(Boolean),
  ],
  [
    'devices',
    ({ devices, device_cgroup_rules }) => list(devices).length + list(device_cgroup_rules).length === 0,
  ],
  ['volumes', ({ volumes = [] }) => volumes.every(({ type }) => type === 'volume')],
  ['init', ({ init }) => init === true],
  ['logging', ({ logging }) => /"max-file".*"max-size"/.test(JSON.stringify(logging ?? ''))],
  ['networks', ({ networks = {} }) => Object.keys(networks).length > 0 && !('default' in networks)],
  ['other keys', (service) => Object.keys(service).every((key) => KNOWN.has(key) || key.startsWith('x-'))],
  [
    'healthcheck',
    ({ restart, healthcheck }) =>
      restart === 'no' || (list(healthcheck?.test).length > 1 && healthcheck?.disable !== true),
  ],
]

/** The restrictions that this service lacks, each as `service: what`, in any variant. */
export function confinementOf(name: string, service: Service): string[] {
  const [, own = ''] = name.split('/')
  return CHECKS.filter(([, isConfined]) => !isConfined(service)).map(([what]) => `${own}: ${what}`)
}

/** The exceptions that the files declare with a reason under x-exceptions. */
export function exceptionsOf(project: Project): Map<string, string> {
  const found = composeFiles(project).flatMap(({ content }) =>
    Object.entries(content.services).flatMap(([name, service]) =>
      Object.entries((service?.['x-exceptions'] ?? {}) as Record<string, string>).map(
        ([what, reason]) => [`${name}: ${what}`, reason] as const,
      ),
    ),
  )
  return new Map(found)
}

/** Files of configs and secrets that are outside of the folders that these belong into: a socket of the engine, for example. */
export function strangeFiles({ root }: Project, { configs = {}, secrets }: Model): string[] {
  const filesOf = (entries: Record<string, { file?: string }>) =>
    Object.values(entries).map(({ file = '' }) => file)
  const isIn = (folder: string) => (file: string) => file.startsWith(`${folder}/`)
  return [
    ...filesOf(configs).filter((file) => !isIn(join(root, 'docker'))(file)),
    ...filesOf(secrets).filter((file) => !/\/[a-z]+(?:-[a-z]+)+$/.test(file) || !/secrets/.test(file)),
  ]
}

/** Volumes and networks that say more than their name: a volume may be a folder of the machine, a network the one of the machine. */
export function specialDefinitions({ volumes, networks }: Model): string[] {
  const isPlain = (definition: object, known: string[]) =>
    Object.keys(definition).every((key) => known.includes(key))
  return [
    ...Object.values(volumes).filter((volume) => !isPlain(volume, ['name'])),
    ...Object.values(networks).filter((network) => !isPlain(network, ['name', 'internal', 'ipam'])),
  ].map(({ name }) => name)
}

export interface ImageEntry {
  image: unknown
  build?: unknown
}

/** What the services of a file say about their images: `image:` and `build:`. */
export function imagesIn({ content }: ComposeFile): ImageEntry[] {
  return Object.values(content.services)
    .filter((service) => service?.image !== undefined || service?.build !== undefined)
    .map((service) => ({
      image: service?.image,
      ...(service?.build === undefined ? {} : { build: service.build }),
    }))
}

interface LockFile {
  upstream: Record<string, { image: string }>
  own: Record<string, { dockerfile: string; base: string; context: string }>
}

/** The only entries that compose files may have: the variable of an image of the lock, with the lock's reference or our own build as its default. */
export function permittedImages(project: Project): ImageEntry[] {
  const { upstream, own }: LockFile = parse(readFileSync(join(project.root, 'docker/images.lock'), 'utf8'))
  const variable = (name: string, reference: string) =>
    `\${HMA_IMAGE_${name.toUpperCase().replaceAll('-', '_')}:-${reference}}`
  const locked = (name: string) => variable(name, upstream[name]?.image ?? '')
  return [
    ...Object.keys(upstream).map((name) => ({ image: locked(name) })),
    ...Object.entries(own).map(([name, { dockerfile, base, context }]) => ({
      image: variable(name, `localhost/${name}`),
      build: {
        context: context === '.' ? '..' : `./${relative('docker', context)}`,
        dockerfile: relative(context, dockerfile),
        args: { BASE: locked(base) },
      },
    })),
  ]
}

interface LockedImages {
  /** Names in docker/images.lock with their references, as they stand there. */
  lines: Record<string, string>
  /** The same, as scripts/images.sh hands them to compose. */
  upstream: Record<string, string>
  /** References that are neither in the lock nor ours. */
  unlocked: string[]
  /** Repositories that the engine's images may come from: the lock's, their stand-ins', ours. */
  known: Set<string>
}

/** All images where no stand-in is allowed: each is locked, or based on one that is. */
export async function lockedImages(project: Project): Promise<LockedImages> {
  await prepare(project)
  const words = ['env', '--json']
  const { stdout } = await project.run('scripts/images.sh', words, { environment: { HMA_IMAGES: 'locked' } })
  await project.run('scripts/images.sh', ['env'])
  const { images } = JSON.parse(stdout || '{"images":[]}') as {
    images: { name: string; reference: string }[]
  }
  const lines = linesOf(readFileSync(join(project.root, 'docker/images.lock'), 'utf8'))
  const isOurs = (reference: string) => /^localhost\/[a-z-]+:[0-9a-f]{16}$/.test(reference)
  const upstream = images.filter(({ name }) => name in lines)
  return {
    lines,
    upstream: Object.fromEntries(upstream.map(({ name, reference }) => [name, reference])),
    unlocked: images
      .filter(({ name, reference }) => !(name in lines) && !isOurs(reference))
      .map(({ reference }) => reference),
    known: new Set(
      images.flatMap(({ name, reference }) => [
        reference.split(/[:@]/)[0] ?? '',
        `localhost/hma-stand-in/${name}`,
      ]),
    ),
  }
}

/** Only references with a tag and a digest count. */
function linesOf(text: string): Record<string, string> {
  const lines = text.matchAll(/^ {2}([a-z-]+):\n {4}image: (\S+:[\w.-]+@sha256:[0-9a-f]{64})$/gm)
  return Object.fromEntries([...lines].map(([, name = '', reference = '']) => [name, reference]))
}
