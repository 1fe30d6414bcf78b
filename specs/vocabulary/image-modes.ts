// An image of one small context, built by the project's own builder from files that nobody but their owner may read.
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, type Project } from '../../harness/index.ts'
import { editLock } from './images.ts'
import { addFile } from './static-checks.ts'

const IMAGE = 'modes'
const CONTEXT = `docker/${IMAGE}`
const LOCKED = `  ${IMAGE}:
    dockerfile: ${CONTEXT}.Dockerfile
    base: redis
    context: ${CONTEXT}
    inputs: [script, folder]
`
/** Both steps are done by the engine alone: nothing is installed. */
const DOCKERFILE = `ARG BASE\nFROM \${BASE}\nCOPY . /${IMAGE}/\n`
/** As a person builds whose shell has this mask. */
const BUILD = `#!/usr/bin/env bash\numask 077\nexec scripts/images.sh ensure ${IMAGE}\n`
const BUILT_WITHIN_MS = 120_000

interface BuiltImage extends AsyncDisposable {
  reference: string
}

/** Adds the image to the lock of the copy, its files as a clone with umask 077 has them, and builds it. */
export async function buildFromClosedFiles(project: Project): Promise<BuiltImage> {
  await writeContext(project)
  const built = await project.run('build', [], { timeoutMs: BUILT_WITHIN_MS })
  expect(built.exitCode, built.stderr).toBe(0)
  const { stdout } = await project.run('scripts/images.sh', ['status', '--json', IMAGE])
  const { images } = JSON.parse(stdout) as { images: { reference: string }[] }
  const reference = images[0]?.reference ?? ''
  return {
    reference,
    [Symbol.asyncDispose]: async () => void (await execa('docker', ['rmi', '--force', reference])),
  }
}

async function writeContext(project: Project): Promise<void> {
  const context = join(project.root, CONTEXT)
  await mkdir(join(context, 'folder'), { recursive: true })
  // Of this copy alone: what another test builds at the same time has another tag.
  await writeFile(join(context, 'folder/text'), `${project.composeName}\n`, { mode: 0o600 })
  await writeFile(join(context, 'script'), '#!/bin/sh\necho executed\n', { mode: 0o700 })
  for (const folder of ['folder', '.']) await chmod(join(context, folder), 0o700)
  await addFile(project, `${CONTEXT}.Dockerfile`, DOCKERFILE)
  await addFile(project, 'build', BUILD)
  await chmod(join(project.root, 'build'), 0o755)
  await editLock(project, (lock) => `${lock.trimEnd()}\n${LOCKED}`)
}

/** What a user who owns none of its files reads and executes in the image. */
export async function useAsStranger({
  reference,
}: BuiltImage): Promise<{ exitCode: number; lines: string[] }> {
  const script = `cat /${IMAGE}/folder/text && /${IMAGE}/script`
  const options = ['--rm', '--network', 'none', '--user', '4711:4711', '--entrypoint', '/bin/sh']
  const { exitCode = 1, stdout } = await execa('docker', ['run', ...options, reference, '-c', script], {
    reject: false,
    timeout: 30_000,
  })
  return { exitCode, lines: stdout.split('\n') }
}
