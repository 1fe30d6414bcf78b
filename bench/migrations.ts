// What the migration runner costs: its apply against plain psql with the same files, and its status as a whole process.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import pg from 'pg'
import { createNetwork, startPostgres, sweepRun } from '../harness/setup.ts'
import { listMigrations } from '../migrations/runner/files.ts'
import { claimOwnership } from '../stack/engine/ownership.ts'
import { resolveImage } from '../stack/images/resolve.ts'
import { print, printHeader, printRatio, timeOf } from './figures.ts'

const APPLIES = 7
const STATUSES = 20
const STATUS_AIM_MS = 300
const FOLDER = 'migrations'

/** Prints both figures of apply, run alternately on empty databases, and of status with nothing pending. */
export async function benchMigrations(): Promise<void> {
  printHeader('The migration runner')
  const owner = claimOwnership()
  try {
    const image = await resolveImage('hma-postgres')
    const network = await createNetwork(owner)
    const server = await startPostgres(owner, { image, network, password: 'bench' })
    await measure(`postgres://${server.user}:bench@${server.host}:${server.port}`)
  } finally {
    await sweepRun(owner.run)
  }
}

async function measure(server: string): Promise<void> {
  const admin = new pg.Client({ connectionString: `${server}/postgres` })
  await admin.connect()
  const emptyDatabase = async (name: string) => {
    await admin.query(`create database ${name} template template0`)
    return `${server}/${name}`
  }
  const ours: number[] = []
  const plain: number[] = []
  // The first of each makes the roles and warms the server, and does not count.
  for (let run = 0; run <= APPLIES; run++) {
    const [mine, theirs] = [await emptyDatabase(`ours_${run}`), await emptyDatabase(`plain_${run}`)]
    const took = [await timeOf(() => migrate(mine, 'apply')), await timeOf(() => psql(theirs))]
    if (run > 0) for (const [n, samples] of [ours, plain].entries()) samples.push(took[n] ?? Number.NaN)
  }
  const statuses: number[] = []
  for (let run = 0; run < STATUSES; run++)
    statuses.push(await timeOf(() => migrate(`${server}/ours_1`, 'status')))
  await admin.end()
  const apply = print('scripts/migrate.sh apply, whole process', ours)
  const psqlSpread = print('psql with the same files, whole process', plain)
  const status = print('scripts/migrate.sh status, nothing pending', statuses)
  printRatio('apply / psql', apply.p50, psqlSpread.p50, 'aim: below 1.3')
  printRatio(`status / ${STATUS_AIM_MS} ms`, status.p50, STATUS_AIM_MS, 'aim: below 1')
}

async function migrate(url: string, command: string): Promise<void> {
  const superuser = new URL(url)
  const env = {
    HMA_DATABASE_URL: Object.assign(new URL(url), { username: 'hma_migrator' }).href,
    HMA_MIGRATOR_PASSWORD: superuser.password,
    HMA_SUPERUSER_PASSWORD: superuser.password,
  }
  await execa('scripts/migrate.sh', [command], { env })
}

/** One psql for all files: the prelude as the superuser, the others as the owner. Needs psql on this machine. */
async function psql(url: string): Promise<void> {
  const names = listMigrations(FOLDER).filter((name) => !/^-- opt-in:/m.test(textOf(name)))
  const prelude = ['roles.sql', 'access.sql', 'database.sql']
  const files = ['runner/ledger.sql', ...names.map((name) => `${name}.up.sql`)]
  const fileOptions = (all: string[]) => all.flatMap((file) => ['--file', join(FOLDER, file)])
  const words = [...fileOptions(prelude), '--command', 'set role hma_owner', ...fileOptions(files)]
  await execa('psql', ['--quiet', '--no-psqlrc', '--set', 'ON_ERROR_STOP=1', ...words, url])
}

const textOf = (name: string) => readFileSync(join(FOLDER, `${name}.up.sql`), 'utf8')
