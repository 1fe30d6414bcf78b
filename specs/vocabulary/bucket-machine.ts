// The bucket's service on other machines, and what a key may do beyond objects.
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Project } from '../../harness/index.ts'
import { secretOf } from './clients.ts'
import { execIn } from './containers.ts'

/** Not `admin prometheus metrics`: everybody in the stack may read sizes and counts (decision 98). */
const ADMINISTRATION = [
  'admin info store',
  'admin user ls store',
  'admin user add store intruder intruders-secret',
  'admin policy ls store',
  'admin policy attach store readwrite --user intruder',
  'admin group ls store',
  'admin config get store region',
  'mb store/hma-of-an-intruder',
]

/** What the store does when this key asks it to administrate: `done` or `refused`. */
export async function administer(project: Project, id: string, secret: string): Promise<string[]> {
  const key = `${await secretOf(project, id)}:${await secretOf(project, secret)}`
  const answers: string[] = []
  for (const words of ADMINISTRATION) {
    const script = `export MC_HOST_store='http://${key}@127.0.0.1:9000' MC_CONFIG_DIR=/tmp/.mc; mc ${words}`
    const { exitCode } = await execIn(project, 'minio', ['sh', '-c', script])
    answers.push(exitCode === 0 ? 'done' : 'refused')
  }
  return answers
}

/** Variables under which the engine hands a proxy to every container, at which nothing listens. */
export async function behindProxy({ root }: Project): Promise<Record<string, string>> {
  const folder = join(root, '.docker')
  const proxy = 'http://127.0.0.1:1'
  await mkdir(folder, { recursive: true })
  const content = { proxies: { default: { httpProxy: proxy, httpsProxy: proxy, noProxy: 'example.org' } } }
  await writeFile(join(folder, 'config.json'), JSON.stringify(content))
  return { DOCKER_CONFIG: folder }
}

/** As a clone with umask 077 leaves them. */
export async function closeFiles({ root }: Project): Promise<void> {
  await chmod(join(root, 'docker/bucket.sh'), 0o700)
}
