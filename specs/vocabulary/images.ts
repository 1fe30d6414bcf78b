// Commands that specs run inside a container, with the clients of its image, and changes of docker/images.lock.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Outcome, Project, TestContainer } from '../../harness/index.ts'

export const PASSWORD = 'right-secret'

/** A statement over TCP, to the address that other hosts use: the image accepts its loopback without a password. */
export function psql(sql: string, { database = 'postgres', password = PASSWORD } = {}): string[] {
  const psql =
    'psql --no-psqlrc --tuples-only --no-align "postgres://postgres:$1@$(hostname)/$2" --command "$3"'
  return ['sh', '-c', psql, 'psql', password, database, sql]
}

export function redisCli(...args: string[]): string[] {
  return ['redis-cli', '-e', ...args]
}

/** Logs the store's own client in as the root user. */
export function storeLogin(password: string): string[] {
  return ['mc', 'alias', 'set', 'store', 'http://127.0.0.1:9000', 'root', password]
}

/** Fetches Adminer's login page with the PHP of its image. */
export const LOGIN_PAGE = ['php', '-r', "print(file_get_contents('http://127.0.0.1:8080/') ?: exit(1));"]

/** A request to Redis Commander, from inside: prints status and body in one line. */
export function browserRequest(path: string, method = 'GET'): string[] {
  const script = `fetch('http://127.0.0.1:8081' + process.argv[1], { method: process.argv[2] })
    .then(async (reply) => console.log(reply.status, await reply.text()))`
  return ['node', '--eval', script, path, method]
}

export async function addressOf(container: TestContainer): Promise<string> {
  return lastLine(await container.exec(['hostname', '--ip-address']))
}

export function lastLine({ stdout }: Outcome): string {
  return stdout.trim().split('\n').at(-1) ?? ''
}

/** The id of the user that the container's first process runs as. */
export async function userOf(container: TestContainer): Promise<string> {
  return lastLine(await container.exec(['stat', '--format', '%u', '/proc/1']))
}

/** Edits docker/images.lock of the project copy. */
export async function editLock(project: Project, edit: (text: string) => string): Promise<void> {
  const file = join(project.root, 'docker/images.lock')
  await writeFile(file, edit(await readFile(file, 'utf8')))
}

/** The lock says that this image has no stand-in, but something else; its registry refuses connections. */
export async function takeStandInAway(project: Project, name: string): Promise<void> {
  const standIn = `    stand-in: docker/stand-ins/${name}\n`
  const none = '    stand-in: none\n    instead: something else\n'
  const image = `image: docker.io/library/${name}:`
  await editLock(project, (lock) =>
    lock.replace(standIn, none).replace(image, image.replace('docker.io', '127.0.0.1:1')),
  )
}

/**
 * Ensures the locked image of redis where a registry swallows every request: docker prints nothing and does
 * not end. Returns how often it was asked to pull, too.
 */
export async function pullFromSilentRegistry(project: Project): Promise<{ exitCode: number; pulls: number }> {
  // No engine has the image under this name.
  await editLock(project, (lock) => lock.replaceAll('docker.io/', '127.0.0.1:1/'))
  const { PATH = '' } = process.env
  const folder = join(project.root, '.hma-docker')
  const log = join(folder, 'pulls')
  const rest = `export PATH='${PATH}'; exec docker "$@"`
  const docker = `if [[ "$1" != pull ]]; then ${rest}; fi\necho "$2" >>'${log}'\nexec sleep 300\n`
  await mkdir(folder)
  await writeFile(log, '')
  await writeFile(join(folder, 'docker'), `#!/usr/bin/env bash\n${docker}`, { mode: 0o755 })
  const environment = { HMA_IMAGES: 'locked', PATH: `${folder}:${PATH}` }
  const { exitCode } = await project.run('scripts/images.sh', ['ensure', 'redis'], { environment })
  return { exitCode, pulls: (await readFile(log, 'utf8')).split('\n').length - 1 }
}

/** Origins by name, in the output of `scripts/images.sh … --json`. */
export function originsIn({ stdout }: Outcome): Record<string, string | null> {
  const { images } = JSON.parse(stdout) as { images: { name: string; origin: string | null }[] }
  return Object.fromEntries(images.map(({ name, origin }) => [name, origin]))
}
