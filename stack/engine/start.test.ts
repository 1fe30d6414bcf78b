import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const LIST = 'network/files/local-kv.db'
const PANIC = `panic: runtime error: index out of range [0] with length 0
github.com/docker/libnetwork.(*controller).reservePools(0x55fda9514e70?)`

/**
 * A machine of its own: dockerd and docker are programs that do what those of Debian 12 did where the engine was killed while it made
 * a network. `dockerd` is what the shell runs for it; it replies once the file `up` exists.
 */
function machine(dockerd: string) {
  const root = mkdtempSync(join(tmpdir(), 'hma-start-'))
  mkdirSync(join(root, 'data/network/files'), { recursive: true })
  mkdirSync(join(root, 'bin'))
  writeFileSync(join(root, 'data', LIST), 'unreadable')
  program(join(root, 'bin/dockerd'), `printf '%s\\n' "$*" >>${root}/starts; ${dockerd}`)
  program(join(root, 'bin/docker'), `case "$1" in context) echo default ;; *) [[ -f ${root}/up ]] ;; esac`)
  return root
}

function program(path: string, body: string): void {
  writeFileSync(path, `#!/usr/bin/env bash\ncd "$(dirname "$0")/.."\n${body}\n`)
  chmodSync(path, 0o755)
}

function start(root: string, options: string) {
  const lines = `source scripts/lib.sh; source scripts/engine/find.sh; source scripts/engine/start.sh
    ENGINE_STATE=${root}/state
    find_engine() { docker version; }
    start_dockerd`
  return spawnSync('bash', ['-c', lines], {
    encoding: 'utf8',
    timeout: 20_000,
    env: { ...process.env, PATH: `${root}/bin:${process.env.PATH}`, HMA_DOCKERD_OPTIONS: options },
  })
}

const UNREADABLE = `[[ ! -f data/${LIST} ]] || { printf '%s\\n' ${JSON.stringify(PANIC)}; exit 2; }; touch up; exec sleep 1`

test.each(['--data-root %s/data', '--data-root=%s/data --debug'])(
  'a list of networks that a killed engine left unreadable is set aside, not lost: %s',
  (format) => {
    const root = machine(UNREADABLE)

    const { status, stderr } = start(root, format.replace('%s', root))

    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const [kept = '', ...others] = readdirSync(join(root, 'data/network/files'))
    expect(others).toEqual([])
    expect(readFileSync(join(root, 'data/network/files', kept), 'utf8')).toBe('unreadable')
    expect(starts(root)).toBe(2)
  },
)

test('an engine that ends for another reason keeps its list of networks, and its last words are shown', () => {
  const root = machine('echo "panic: no space left on device"; exit 2')

  const { status, stderr } = start(root, `--data-root ${root}/data`)

  expect(status).toBe(3)
  expect(stderr).toContain('no space left on device')
  expect(readdirSync(join(root, 'data/network/files'))).toEqual(['local-kv.db'])
  expect(starts(root)).toBe(1)
})

test('an engine that ends without a word ends the script with a line of its own', () => {
  const root = machine('exit 1')

  const { status, stderr } = start(root, `--data-root ${root}/data`)

  expect({ status, lines: stderr.trim().split('\n').length }).toEqual({ status: 3, lines: 1 })
})

function starts(root: string): number {
  return readFileSync(join(root, 'starts'), 'utf8').trim().split('\n').length
}
