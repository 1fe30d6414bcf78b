import { expect, test } from 'vitest'
import { CliError } from '../../config/cli-error.ts'
import { type DoctorContext, readContext } from './context.ts'
import type { Docker } from './docker.ts'
import type { Check, State } from './finding.ts'
import { architecture, clock, disk, memory, processors } from './hardware.ts'
import { thisMachine } from './machine.ts'
import { tools } from './tools.ts'

const GIB = 2 ** 30

/** The states that a check finds on a machine with these facts, without an engine. */
async function statesOn(
  check: Check,
  facts: Partial<DoctorContext['machine']>,
  options: Partial<DoctorContext> = {},
): Promise<State[]> {
  const context: DoctorContext = {
    ...readContext({ variant: 'dev', beforeSetup: false }),
    machine: { ...thisMachine(), ...facts },
    docker: async () => new CliError({ what: 'There is no container engine.', next: 'scripts/engine.sh' }),
    ...options,
  }
  return (await check.run(context)).map(({ state }) => state)
}

test.for([
  [3.8, 'ok'],
  [3.6, 'warning'],
  [1.9, 'broken'],
] as const)('%s GiB of memory are %s', async ([gib, state]) => {
  expect(await statesOn(memory, { memoryBytes: gib * GIB })).toEqual([state])
})

test.for([
  [2, 'ok'],
  [1, 'warning'],
] as const)('%s processors are %s', async ([count, state]) => {
  expect(await statesOn(processors, { processors: count })).toEqual([state])
})

test.for([
  ['arm64', 'ok'],
  ['riscv64', 'broken'],
] as const)('the architecture %s is %s', async ([name, state]) => {
  expect(await statesOn(architecture, { architecture: name })).toEqual([state])
})

test.for([
  ['linux/s390x', 'broken'],
  ['linux/amd64', 'broken'],
  ['linux/arm/v7', 'broken'],
  ['linux/arm64/v9', 'broken'],
  ['linux/arm64', 'ok'],
  ['linux/arm64/v8', 'ok'],
  ['linux/aarch64', 'ok'],
  ['Linux/ARM64', 'ok'],
  ['', 'ok'],
  [undefined, 'ok'],
] as const)('on an engine of arm64, DOCKER_DEFAULT_PLATFORM %j is %s', async ([platform, state]) => {
  const docker = async () => ({ architecture: 'arm64' }) as Docker
  const options = { docker, variables: { DOCKER_DEFAULT_PLATFORM: platform } }

  expect(await statesOn(architecture, {}, options)).toEqual([state])
})

test.for(['linux/amd64', 'linux/amd64/v1', 'linux/x86_64'])(
  'on an engine of amd64, DOCKER_DEFAULT_PLATFORM %j is its own',
  async (platform) => {
    const docker = async () => ({ architecture: 'amd64' }) as Docker
    const options = { docker, variables: { DOCKER_DEFAULT_PLATFORM: platform } }

    expect(await statesOn(architecture, {}, options)).toEqual(['ok'])
  },
)

test('without an engine, DOCKER_DEFAULT_PLATFORM is not compared', async () => {
  const variables = { DOCKER_DEFAULT_PLATFORM: 'linux/s390x' }

  expect(await statesOn(architecture, {}, { variables })).toEqual(['ok'])
})

test.for([
  [4, 'ok'],
  [3, 'warning'],
  [1, 'broken'],
] as const)('%s GiB of free disk are %s where 2 are needed', async ([gib, state]) => {
  expect(await statesOn(disk, { freeBytes: () => gib * GIB }, { needDiskGib: 2 })).toEqual([state])
})

test.for(['/project', '/temporary', '/engine'])('the disk of %s counts', async (full) => {
  const facts = {
    temporaryFolder: '/temporary',
    freeBytes: (folder: string) => (folder === full ? 1 : 9) * GIB,
  }
  const docker = async () => ({ dataFolder: '/engine' }) as Docker
  const options = { needDiskGib: 2, root: '/project', variables: {}, docker }

  expect(await statesOn(disk, facts, options)).toEqual(['broken'])
})

test('a clock that is behind the newest commit is broken', async () => {
  expect(await statesOn(clock, { nowMs: 0 })).toEqual(['broken'])
  expect(await statesOn(clock, {})).toEqual(['ok'])
})

test('before the set-up a missing docker is a warning where apt can install it', async () => {
  const withoutDocker = (name: string) => (name === 'docker' ? undefined : `/usr/bin/${name}`)
  const withoutApt = (name: string) => (name === 'apt-get' ? undefined : withoutDocker(name))
  const states = (findProgram: typeof withoutDocker, beforeSetup: boolean) =>
    statesOn(tools, { findProgram }, { beforeSetup })

  expect(await states(withoutDocker, true)).toEqual(['warning'])
  expect(await states(withoutApt, true)).toEqual(['broken'])
  expect(await states(withoutDocker, false)).toEqual(['broken'])
})
