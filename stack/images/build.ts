// Building one image: a context of copies, one docker command, a log. The tag comes with the last step, so a build that
// fails or is interrupted leaves no image that could be mistaken for a whole one.
import { cp, mkdir } from 'node:fs/promises'
import { arch } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { execa } from 'execa'
import { CliError } from '../../config/cli-error.ts'
import type { Build, Image } from './catalog.ts'
import { buildCommand, type DockerRun, docker } from './docker.ts'
import { proxyArguments, writeHostFiles } from './host.ts'
import { fullDisk } from './pull.ts'

export interface BuildPlan {
  root: string
  /** Folder of this build alone, which the caller removes. */
  folder: string
  log: string
  architecture: string
  signal: AbortSignal
}

const BUILD_MS = 1_500_000
const FETCH_MS = 300_000

/** Builds an image and tags it. Throws CliError with the last lines of its log (3), or when it took too long (124). */
export async function buildImage(image: Image, source: Build, plan: BuildPlan): Promise<void> {
  const run: DockerRun = {
    log: plan.log,
    signal: AbortSignal.any([plan.signal, AbortSignal.timeout(BUILD_MS)]),
  }
  await withinBuildLimit(image, run.signal, plan.signal, async () => {
    const context = await writeContext(image, source, plan)
    const { args, environment } = await buildCommand(run)
    const what = ['--network=host', '--tag', image.reference, '--label', `hma.image=${image.name}`]
    const inputs = ['--build-arg', `BASE=${source.base.reference}`, '--build-arg', `INPUTS=${source.inputs}`]
    const { exitCode, lines } = await docker(
      [...args, ...what, ...inputs, ...proxyArguments(process.env), context],
      { ...run, environment },
    )
    if (exitCode !== 0) throw buildFailed(image, lines)
    await pruneBuildStages(source, run)
  })
}

/** A root file system that a script writes becomes the image everything is built on. */
export async function importImage(image: Image, script: string, plan: BuildPlan): Promise<void> {
  const signal = AbortSignal.any([plan.signal, AbortSignal.timeout(BUILD_MS)])
  await withinBuildLimit(image, signal, plan.signal, async () => {
    const archive = join(plan.folder, 'rootfs.tar')
    await mkdir(plan.folder, { recursive: true })
    await installMmdebstrap(plan)
    // Whole before the engine sees it: of a pipe that breaks, the engine would keep the half that came through.
    await runOnHost(image, join(plan.root, script), [plan.architecture], {
      cwd: plan.root,
      stdout: { file: archive },
      log: plan.log,
      signal,
    })
    const change = ['--change', 'CMD ["bash"]', '--change', `LABEL hma.image=${image.name}`]
    const { exitCode, lines } = await docker(['import', ...change, archive, image.reference], {
      log: plan.log,
      signal,
    })
    if (exitCode !== 0) throw buildFailed(image, lines)
  })
}

/** Installs what makes a Debian out of packages, or says why that cannot be had here. */
async function installMmdebstrap({ root, architecture, signal }: BuildPlan): Promise<void> {
  const here = arch().replace('x64', 'amd64')
  if (here !== architecture)
    throw standInsUnavailable(`this machine is ${here}, and the engine wants ${architecture}`)
  if ((await execa('mmdebstrap', ['--version'], { reject: false })).exitCode === 0) return
  const installer = execa(join(root, 'scripts/packages.sh'), ['mmdebstrap', 'debian-archive-keyring'], {
    stdio: 'inherit',
    cancelSignal: signal,
    reject: false,
  })
  const { exitCode } = await installer
  if (exitCode !== 0) throw standInsUnavailable('mmdebstrap is not installed')
}

/** Copies what goes in, and lets the folder's own context.sh fetch what no build stage could. */
async function writeContext(image: Image, source: Build, plan: BuildPlan): Promise<string> {
  const context = join(plan.folder, 'context')
  await mkdir(context, { recursive: true })
  await writeHostFiles(context)
  for (const file of source.files) {
    await mkdir(dirname(join(context, file)), { recursive: true })
    await cp(join(source.context, file), join(context, file))
  }
  await cp(source.dockerfile, join(context, 'Dockerfile'))
  const fetch = join(context, 'context.sh')
  if (source.files.includes('context.sh'))
    await runOnHost(image, fetch, [plan.architecture], {
      cwd: context,
      stdout: 'ignore',
      log: plan.log,
      signal: AbortSignal.any([plan.signal, AbortSignal.timeout(FETCH_MS)]),
    })
  return context
}

interface HostRun {
  cwd: string
  stdout: { file: string } | 'ignore'
  log: string
  signal: AbortSignal
}

async function runOnHost(image: Image, script: string, words: string[], run: HostRun): Promise<void> {
  const { exitCode, stderr } = await execa(script, words, {
    cwd: run.cwd,
    stdin: 'inherit',
    stdout: run.stdout,
    buffer: { stdout: false },
    stderr: ['pipe', { file: run.log, append: true }],
    cancelSignal: run.signal,
    forceKillAfterDelay: 5000,
    reject: false,
  })
  run.signal.throwIfAborted()
  if (exitCode !== 0) throw buildFailed(image, String(stderr).split('\n'))
}

/** The stages before the last are of no use once the image is tagged, and hold a compiler and the machine's certificates. */
async function pruneBuildStages({ inputs }: Build, run: DockerRun): Promise<void> {
  await docker(['image', 'prune', '--force', '--filter', `label=hma.stage=${inputs}`], run)
}

async function withinBuildLimit(
  image: Image,
  limit: AbortSignal,
  stopped: AbortSignal,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work()
  } catch (error) {
    stopped.throwIfAborted()
    if (!limit.aborted) throw error
    throw new CliError({
      what: `The build of ${image.name} did not end within ${BUILD_MS / 60_000} minutes.`,
      where: image.reference,
      next: 'look at the load and the network of this machine, then scripts/images.sh ensure.',
      exitCode: 124,
    })
  }
}

function standInsUnavailable(why: string): CliError {
  return new CliError({
    what: `Stand-ins cannot be built here: ${why}.`,
    where: 'they grow from packages of Debian, on Debian or Ubuntu',
    next: 'let this machine reach the registries in docker/images.lock, then HMA_IMAGES=locked scripts/images.sh ensure.',
    exitCode: 3,
  })
}

function buildFailed({ name, origin, source }: Image, lines: string[]): CliError {
  const last = lines.filter((line) => line.trim() !== '').slice(-25)
  if (last.some((line) => /no space left on device/i.test(line))) return fullDisk(name)
  return new CliError({
    what: `${name} (${origin}) could not be built. Its last lines:\n${last.map((line) => `    ${line}`).join('\n')}`,
    where: source.kind === 'build' ? relative(process.cwd(), source.dockerfile) : 'its script',
    next: `read its last lines above, then scripts/images.sh ensure ${name}.`,
    exitCode: 3,
  })
}
