// Builds one image: copies its context, runs docker, logs. The image gets its tag in the last step, so a build that fails or is
// interrupted leaves no image that looks complete.
import { chmod, cp, mkdir, readdir, stat } from 'node:fs/promises'
import { arch } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { execa } from 'execa'
import { CliError, EXIT } from '../../config/cli-error.ts'
import type { Build, Image } from './catalog.ts'
import { buildCommand, type DockerRun, docker } from './docker.ts'
import { proxyArguments, writeHostFiles } from './host.ts'
import { fullDisk } from './pull.ts'

export interface BuildPlan {
  root: string
  /** For this build only; the caller removes it. */
  folder: string
  log: string
  architecture: string
  onProgress: (line: string) => void
  signal: AbortSignal
}

const BUILD_MS = 1_500_000
const DOWNLOAD_MS = 300_000

/** Builds an image and tags it. Throws CliError: 3 after it reported the last lines of the log, 124 when it took too long. */
export async function buildImage(image: Image, source: Build, plan: BuildPlan): Promise<void> {
  const run: DockerRun = {
    log: plan.log,
    signal: AbortSignal.any([plan.signal, AbortSignal.timeout(BUILD_MS)]),
  }
  await withinBuildLimit(image, run.signal, plan.signal, async () => {
    const context = await writeContext(image, source, plan)
    const { args, environment } = await buildCommand(run)
    const identity = ['--network=host', '--tag', image.reference, '--label', `hma.image=${image.name}`]
    const inputs = ['--build-arg', `BASE=${source.base.reference}`, '--build-arg', `INPUTS=${source.inputs}`]
    const { exitCode, lines } = await docker(
      [...args, ...identity, ...inputs, ...proxyArguments(process.env), context],
      { ...run, environment },
    )
    if (exitCode !== 0) throw buildFailed(image, lines, plan)
    await pruneBuildStages(source, run)
  })
}

/** Imports the root file system that a script writes: the base of the stand-ins. */
export async function importImage(image: Image, script: string, plan: BuildPlan): Promise<void> {
  const signal = AbortSignal.any([plan.signal, AbortSignal.timeout(BUILD_MS)])
  await withinBuildLimit(image, signal, plan.signal, async () => {
    const archive = join(plan.folder, 'rootfs.tar')
    await mkdir(plan.folder, { recursive: true })
    await installMmdebstrap(plan)
    // Through a file and not a pipe: the engine would import the first half of a pipe that breaks.
    await runOnHost(image, join(plan.root, script), [plan.architecture], {
      cwd: plan.root,
      stdout: { file: archive },
      plan,
      signal,
    })
    const change = ['--change', 'CMD ["bash"]', '--change', `LABEL hma.image=${image.name}`]
    const { exitCode, lines } = await docker(['import', ...change, archive, image.reference], {
      log: plan.log,
      signal,
    })
    if (exitCode !== 0) throw buildFailed(image, lines, plan)
  })
}

/** Installs mmdebstrap. Throws CliError (3) where it cannot be installed, or would build for another architecture. */
async function installMmdebstrap({ root, architecture, signal }: BuildPlan): Promise<void> {
  const architectureHere = arch().replace('x64', 'amd64')
  if (architectureHere !== architecture)
    throw standInsUnavailable(`this machine is ${architectureHere}, and the engine is ${architecture}`)
  if ((await execa('mmdebstrap', ['--version'], { reject: false })).exitCode === 0) return
  const { exitCode } = await execa(
    join(root, 'scripts/packages.sh'),
    ['mmdebstrap', 'debian-archive-keyring'],
    {
      stdio: 'inherit',
      cancelSignal: signal,
      reject: false,
    },
  )
  if (exitCode !== 0) throw standInsUnavailable('mmdebstrap is not installed')
}

/** Copies the inputs; a context.sh among them then downloads what no build stage can reach. */
async function writeContext(image: Image, source: Build, plan: BuildPlan): Promise<string> {
  const context = join(plan.folder, 'context')
  await mkdir(context, { recursive: true })
  await writeHostFiles(context)
  for (const file of source.files) {
    await mkdir(dirname(join(context, file)), { recursive: true })
    await cp(join(source.context, file), join(context, file))
  }
  await setModes(context)
  await cp(source.dockerfile, join(context, 'Dockerfile'))
  const download = join(context, 'context.sh')
  if (source.files.includes('context.sh'))
    await runOnHost(image, download, [plan.architecture], {
      cwd: context,
      stdout: 'ignore',
      plan,
      signal: AbortSignal.any([plan.signal, AbortSignal.timeout(DOWNLOAD_MS)]),
    })
  return context
}

/** Whatever the umask of the clone: the programs in the image run as other users. Git keeps the owner's execute bit alone. */
async function setModes(context: string): Promise<void> {
  await chmod(context, 0o755)
  for (const entry of await readdir(context, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isSymbolicLink()) continue
    const isExecutable = entry.isDirectory() || ((await stat(path)).mode & 0o100) !== 0
    await chmod(path, isExecutable ? 0o755 : 0o644)
  }
}

interface HostRun {
  cwd: string
  stdout: { file: string } | 'ignore'
  plan: BuildPlan
  signal: AbortSignal
}

async function runOnHost(image: Image, script: string, args: string[], run: HostRun): Promise<void> {
  const { exitCode, stderr } = await execa(script, args, {
    cwd: run.cwd,
    stdin: 'inherit',
    stdout: run.stdout,
    buffer: { stdout: false },
    stderr: ['pipe', { file: run.plan.log, append: true }],
    cancelSignal: run.signal,
    forceKillAfterDelay: 5000,
    reject: false,
  })
  run.signal.throwIfAborted()
  if (exitCode !== 0) throw buildFailed(image, String(stderr).split('\n'), run.plan)
}

/** Removes the stages before the last one: they are large, and contain this machine's certificates. */
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
      next: 'check the load and the network of this machine, then scripts/images.sh ensure.',
      exitCode: 124,
    })
  }
}

function standInsUnavailable(why: string): CliError {
  return new CliError({
    what: `Stand-ins cannot be built here: ${why}.`,
    where: 'they are built from Debian packages, on Debian or Ubuntu',
    next: 'give this machine access to the registries in docker/images.lock, then HMA_IMAGES=locked scripts/images.sh ensure.',
    exitCode: EXIT.unreachable,
  })
}

function buildFailed({ name, origin, source }: Image, lines: string[], { onProgress }: BuildPlan): CliError {
  const last = lines.filter((line) => line.trim() !== '').slice(-25)
  if (last.some((line) => /no space left on device/i.test(line))) return fullDisk(name)
  for (const line of last) onProgress(`${name}: ${line}`)
  return new CliError({
    what: `${name} (${origin}) could not be built.`,
    where: source.kind === 'build' ? relative(process.cwd(), source.dockerfile) : 'its script',
    next: `read the lines above that begin with ${name}, then scripts/images.sh ensure ${name}.`,
    exitCode: EXIT.unreachable,
  })
}
