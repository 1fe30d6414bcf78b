// The service that measures the disk of the database, and that disk.
import { expect, type Project } from '../../harness/index.ts'
import { execIn } from './containers.ts'
import { databaseDiskOf } from './overlays.ts'
import { run, upWith } from './stack.ts'

const FOLDER = '/var/lib/postgresql'
const METRICS = "fetch('http://127.0.0.1:9187/metrics').then((reply) => reply.text()).then(console.log)"

interface Disk {
  total: number
  free: number
}

/** In bytes, as Prometheus gets it from the service. */
export async function diskServed(project: Project): Promise<Disk> {
  const { stdout } = await execIn(project, 'disk', ['node', '--eval', METRICS])
  const valueNamed = (name: string) =>
    Number(new RegExp(`^hma_database_disk_${name} (\\d+)$`, 'm').exec(stdout)?.[1])
  return { total: valueNamed('total_bytes'), free: valueNamed('free_bytes') }
}

/** In bytes, as the container of the database sees it. */
export async function diskOfDatabase(project: Project): Promise<Disk> {
  const { stdout } = await execIn(project, 'postgres', ['stat', '-f', '-c', '%S %b %f %a', FOLDER])
  const [size = 0, blocks = 0, unused = 0, free = 0] = stdout.split(' ').map(Number)
  return { total: (blocks - (unused - free)) * size, free: free * size }
}

/** Starts the service alone; the volume of the database is a disk of so many MiB. */
export async function startOnDisk(project: Project, mebibytes: number): Promise<void> {
  const { exitCode } = await upWith(project, databaseDiskOf(mebibytes), ['--no-deps', 'disk'])
  expect(exitCode).toBe(0)
}

/** Takes so many MiB of that disk, as the user of the database. */
export async function fillDatabaseDisk(project: Project, mebibytes: number): Promise<void> {
  const fill = ['--entrypoint', 'fallocate', 'postgres', '--length', `${mebibytes}MiB`, `${FOLDER}/fill`]
  const words = ['-f', 'docker/overlay.yml', 'run', '--rm', '-T', '--no-deps', ...fill]
  const { exitCode } = await run(project, words, { HMA_PROJECT: project.composeName })
  expect(exitCode).toBe(0)
}

/** The one command of these that may succeed in the container of the service. */
export const MEASURE = 'measure the disk'

/** What the service can do with the volume of the database: those commands that succeed. */
export async function attemptOnDatabaseVolume(project: Project): Promise<string[]> {
  const attempts = {
    [MEASURE]: `stat -f ${FOLDER}`,
    'list the cluster': `ls ${FOLDER}/17/data`,
    'read its version': `cat ${FOLDER}/17/data/PG_VERSION`,
    'add a file': `touch ${FOLDER}/added`,
    'remove the cluster': `mv ${FOLDER}/17 ${FOLDER}/18`,
  }
  const done: string[] = []
  for (const [attempt, command] of Object.entries(attempts)) {
    const { exitCode } = await execIn(project, 'disk', ['sh', '-c', command])
    if (exitCode === 0) done.push(attempt)
  }
  return done
}
