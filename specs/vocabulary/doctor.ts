// The verbs specs use for the doctor, and the defects that they give a machine: taken ports, missing programs.
import { once } from 'node:events'
import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { mkdir, statfs, symlink } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { delimiter, join } from 'node:path'
import { execa } from 'execa'
import { expect, type Outcome, type Project } from '../../harness/index.ts'

export interface Finding {
  check: string
  subject?: string
  owner?: string
  state: string
  next?: string
}

export interface Diagnosis {
  exitCode: number
  complete: boolean
  /** The findings of a check, `ok` included. */
  of(check: string, subject?: string): Finding[]
}

/** Runs the doctor with --json. */
export async function runDoctor(
  project: Project,
  words: string[] = [],
  environment: Record<string, string> = {},
): Promise<Diagnosis> {
  return parseDiagnosis(await project.run('scripts/doctor', ['--json', ...words], { environment }))
}

function parseDiagnosis({ exitCode, stdout }: Outcome): Diagnosis {
  const { complete, findings } = JSON.parse(stdout) as { complete: boolean; findings: Finding[] }
  const isAsked = (finding: Finding, check: string, subject?: string) =>
    finding.check === check && (subject === undefined || finding.subject === subject)
  return {
    exitCode,
    complete,
    of: (check, subject) => findings.filter((finding) => isAsked(finding, check, subject)),
  }
}

/** A finding that a person can act on. */
export function broken(subject: string, owner?: string): Finding {
  const who = owner === undefined ? {} : { owner }
  return expect.objectContaining({ subject, state: 'broken', next: expect.stringMatching(/\w{4}/), ...who })
}

interface TakenPort extends AsyncDisposable {
  port: string
  owner: string
}

/** A port of this machine that this process holds until disposed; without an address at all of them, those of IPv6 too. */
export async function takePort(address?: string): Promise<TakenPort> {
  const server = createServer()
  server.listen(0, address)
  await once(server, 'listening')
  return {
    port: String((server.address() as AddressInfo).port),
    owner: `process ${process.pid}`,
    async [Symbol.asyncDispose]() {
      server.close()
      await once(server, 'close')
    },
  }
}

/** A port for every variable that names one in .env.example. */
export async function takeEveryPort({
  root,
}: Project): Promise<AsyncDisposable & { owner: string; variables: Record<string, string> }> {
  const example = readFileSync(join(root, '.env.example'), 'utf8')
  const names = [...example.matchAll(/^(HMA_[A-Z_]+_PORT)=/gm)].map(([, name = '']) => name)
  const ports = await Promise.all(names.map(() => takePort('127.0.0.1')))
  return {
    owner: `process ${process.pid}`,
    variables: Object.fromEntries(names.map((name, at) => [name, ports[at]?.port ?? ''])),
    [Symbol.asyncDispose]: async () =>
      void (await Promise.all(ports.map((port) => port[Symbol.asyncDispose]()))),
  }
}

/** A port of this machine that a container of that compose project holds; `more` are further ports that it publishes. */
export async function takePortByContainer(project: Project, ...more: string[]): Promise<TakenPort> {
  const name = `${project.composeName}-port-holder`
  const label = `com.docker.compose.project=${project.composeName}`
  const { stdout: status } = await project.run('scripts/images.sh', ['status', '--json', 'redis'])
  const [image] = (JSON.parse(status) as { images: { reference: string }[] }).images
  const publish = ['127.0.0.1::6379', ...more].flatMap((published) => ['--publish', published])
  const run = ['run', '--detach', '--name', name, '--label', label]
  await execa('docker', [...run, ...publish, image?.reference ?? ''])
  const { stdout } = await execa('docker', ['port', name, '6379'])
  return {
    port: stdout.split(':').at(-1) ?? '',
    owner: `container ${name}`,
    [Symbol.asyncDispose]: async () => void (await execa('docker', ['rm', '--force', '--volumes', name])),
  }
}

/** Two adjacent ports below the ephemeral range, the same on the host and in the container, so that the engine shows them as one range. */
export function adjacentPorts(): { published: string; ports: [string, string] } {
  const first = 20_000 + 2 * (process.pid % 6000)
  const range = `${first}-${first + 1}`
  return { published: `127.0.0.1:${range}:${range}`, ports: [`${first}`, `${first + 1}`] }
}

const REQUIRED_PROGRAMS = [
  'bash',
  'env',
  'dirname',
  'basename',
  'sed',
  'timeout',
  'node',
  'git',
  'npm',
  'perl',
  'docker',
]

/** A PATH with every program that the scripts need except these. */
export async function pathWithout(project: Project, ...missing: string[]): Promise<string> {
  const folder = join(project.root, '.path')
  await mkdir(folder)
  const folders = (process.env.PATH ?? '').split(delimiter)
  const pathOf = (name: string) =>
    folders.map((path) => join(path, name)).find((path) => existsSync(path)) ?? ''
  const programs = REQUIRED_PROGRAMS.filter((name) => !missing.includes(name))
  await Promise.all(programs.map((name) => symlink(pathOf(name), join(folder, name))))
  return folder
}

/** GiB that are free where the project is. */
export async function freeGib(project: Project): Promise<number> {
  const { bavail, bsize } = await statfs(project.root)
  return (bavail * bsize) / 2 ** 30
}

/** A folder on a file system that has no free space: the kernel itself writes what is in there. */
export const FULL_FOLDER = process.platform === 'darwin' ? '/dev' : '/proc'

/** Every file of the project with its modification time. */
export function fileTimes(project: Project): string[] {
  const files = globSync('**/*', { cwd: project.root, exclude: ['node_modules', '.venv'] })
  return files.map((file) => `${file} ${statSync(join(project.root, file)).mtimeMs}`).sort()
}
