// The verbs specs use for images: asking what runs inside a container, by the clients the image itself carries.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Outcome, Project, TestContainer } from '../../harness/index.ts'

export const PASSWORD = 'right-secret'

/** A statement over TCP, to the address that other hosts use: the image trusts its own loopback without a password. */
export function query(sql: string, { database = 'postgres', password = PASSWORD } = {}): string[] {
  const psql =
    'psql --no-psqlrc --tuples-only --no-align "postgres://postgres:$1@$(hostname)/$2" --command "$3"'
  return ['sh', '-c', psql, 'psql', password, database, sql]
}

export function redis(...words: string[]): string[] {
  return ['redis-cli', '-e', ...words]
}

/** The store's own client, introduced as the root user. */
export function enter(password: string): string[] {
  return ['mc', 'alias', 'set', 'store', 'http://127.0.0.1:9000', 'root', password]
}

/** What the database's browser shows before anybody has logged in, asked for by the PHP it runs on. */
export const LOGIN_PAGE = ['php', '-r', "print(file_get_contents('http://127.0.0.1:8080/') ?: exit(1));"]

/** A request to the cache's browser, from inside: its status and body in one line. */
export function browse(path: string, method = 'GET'): string[] {
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

/** The number of the user that the container's first process runs as. */
export async function runsAs(container: TestContainer): Promise<string> {
  return lastLine(await container.exec(['stat', '--format', '%u', '/proc/1']))
}

/** Changes the project copy's lock file of images. */
export async function rewriteLock(project: Project, change: (text: string) => string): Promise<void> {
  const file = join(project.root, 'docker/images.lock')
  await writeFile(file, change(await readFile(file, 'utf8')))
}

/** The names `scripts/images.sh … --json` tells of, with the origin of each. */
export function originsIn({ stdout }: Outcome): Record<string, string | null> {
  const { images } = JSON.parse(stdout) as { images: { name: string; origin: string | null }[] }
  return Object.fromEntries(images.map(({ name, origin }) => [name, origin]))
}
