// The bucket's service on other machines, and what a key may do beyond objects.
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Project } from '../../harness/index.ts'
import { secretOf } from './clients.ts'
import { execIn } from './containers.ts'
import { run } from './stack.ts'

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

const [CLIENT, CALLS] = ['.fakes/mc', '/tmp/calls']

/** A client of the store that fails at its call of the number FAILS, and is else the real one. */
const FAILING = `#!/bin/sh
calls=$(($(cat ${CALLS}) + 1))
echo "$calls" >${CALLS}
[ "$calls" != "$FAILS" ] || exit 1
PATH=\${PATH#*:}
exec mc "$@"
`

/** Creates the bucket again and again, each time with another call of the client that fails, until it makes no more calls. */
const EACH_CALL = `export PATH=/fakes:$PATH FAILS=0
until [ "$FAILS" -gt 0 ] && [ "$FAILS" -gt "$(cat ${CALLS})" ]; do
  FAILS=$((FAILS + 1))
  echo 0 >${CALLS}
  code=0
  sh /bucket.sh >/dev/null 2>&1 || code=$?
  echo "$FAILS $code"
done`

/** On the running store, in one container: for each call of the client, how the creation ends where that call fails; at last where none does. */
export async function endsOfFailingCalls(project: Project): Promise<{ call: number; exitCode: number }[]> {
  await mkdir(join(project.root, '.fakes'), { recursive: true })
  await writeFile(join(project.root, CLIENT), FAILING)
  await chmod(join(project.root, CLIENT), 0o755)
  const mount = ['--volume', `${join(project.root, '.fakes')}:/fakes:ro`]
  const args = [
    'run',
    '--rm',
    '-T',
    '--no-deps',
    ...mount,
    '--entrypoint',
    '/bin/sh',
    'bucket',
    '-c',
    EACH_CALL,
  ]
  const { stdout } = await run(project, args, { HMA_PROJECT: project.composeName }, 140_000)
  return [...stdout.matchAll(/^(\d+) (\d+)$/gm)].map(([, call, code]) => ({
    call: Number(call),
    exitCode: Number(code),
  }))
}
