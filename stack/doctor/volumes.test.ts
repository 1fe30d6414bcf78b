import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { CliError } from '../../config/cli-error.ts'
import type { ComposeContainer } from '../../config/compose-containers.ts'
import { readContext } from './context.ts'
import type { Docker } from './docker.ts'
import { volumes } from './volumes.ts'

const HEAD = 'Filesystem 1024-blocks Used Available Capacity Mounted on'

afterEach(() => vi.unstubAllEnvs())

/** A docker that answers every df with this script. */
function answerWith(script: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'hma-docker-'))
  writeFileSync(join(folder, 'docker'), `#!/bin/sh\n${script}\n`)
  chmodSync(join(folder, 'docker'), 0o755)
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`)
}

const dfWith = (mebibytes: number) => `printf '%s\\n' '${HEAD}' '/dev/vda1 9 9 ${mebibytes * 1024} 9% /data'`

async function resultsFor(container: Partial<ComposeContainer>, docker: Docker | CliError = {} as Docker) {
  const own = { name: 'hma-redis-1', project: 'hma', status: 'running', volumes: ['/data'], ...container }
  return volumes.run({
    ...readContext({ variant: 'dev', beforeSetup: false }),
    project: 'hma',
    docker: async () => docker,
    containers: async () => [own as ComposeContainer],
  })
}

test.for([
  [512, 'ok'],
  [511, 'warning'],
  [64, 'warning'],
  [63, 'broken'],
  [0, 'broken'],
] as const)('%i MiB that are free in a volume are %s', async ([mebibytes, state]) => {
  answerWith(dfWith(mebibytes))

  expect(await resultsFor({})).toMatchObject([{ state }])
})

test('a container is named with the folder of its volume', async () => {
  answerWith(dfWith(1))

  const [result] = await resultsFor({ volumes: ['/data'] })

  expect(result).toMatchObject({
    subject: 'hma-redis-1',
    what: expect.stringContaining('/data of hma-redis-1'),
  })
})

test.for([
  ['fails', 'echo "df: /data: No such file" >&2; exit 1'],
  ['is missing', 'exit 127'],
  ['prints no number', "echo 'Filesystem full'"],
  ['prints nothing', ''],
] as const)('a df that %s does not count as enough space', async ([, script]) => {
  answerWith(script)

  expect(await resultsFor({})).toMatchObject([
    { state: 'warning', subject: 'hma-redis-1', next: 'docker exec hma-redis-1 df -Pk /data' },
  ])
})

test.for([{ project: 'other' }, { status: 'exited' }, { volumes: [] }])(
  'a container with %o has no volume to look into',
  async (container) => {
    answerWith('exit 1')

    expect(await resultsFor(container)).toMatchObject([{ state: 'ok' }])
  },
)

test('without an engine there is nothing to say', async () => {
  answerWith('exit 1')

  expect(await resultsFor({}, new CliError({ what: 'none', next: 'start it' }))).toEqual([])
})
