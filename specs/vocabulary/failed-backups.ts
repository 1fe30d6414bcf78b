// Backups that fail while the store has older ones, and what a prune of the same job then removes.
import type { Database } from '../../harness/index.ts'
import { type Job, statesOf } from './backups.ts'
import { killDump } from './interruptions.ts'
import { storeAsOlder } from './stored-backups.ts'

/** Makes a backup, and stores it once more for each of these ages in days. Returns all ids, newest first. */
export async function storeOfYears(job: Job, db: Database, ages: number[]): Promise<string[]> {
  const { id } = await job.json<{ id: string }>(['backup'])
  const older = ages.map((days) => storeAsOlder(job.bucket, db, id, days))
  return [id, ...(await Promise.all(older))]
}

/** A backup without its server, one with a wrong password, and one whose pg_dump is killed. Returns their exit codes. */
export async function runFailingBackups(job: Job, db: Database): Promise<number[]> {
  const nowhere = { HMA_DATABASE_URL: `postgres://hma_backup@127.0.0.1:1/${db.name}` }
  const exitCodes: number[] = []
  for (const variables of [nowhere, { HMA_DATABASE_PASSWORD: 'wrong' }, await killDump(job)])
    exitCodes.push((await job.run(['backup'], variables)).exitCode)
  return exitCodes
}

/** Lines of an output that name this. */
export function linesOn(name: string, output: string): string[] {
  return output.split('\n').filter((line) => line.includes(name))
}

interface Pruned {
  exitCode: number
  /** Ids, newest first; undefined where it was refused. */
  removed: string[] | undefined
}

/** Prunes the store of the job by a policy that keeps one day. */
export async function pruneJob(job: Job, ...options: string[]): Promise<Pruned> {
  const { exitCode, stdout } = await job.run(['backup-prune', '--json', '--keep', '1,0,0', ...options])
  return { exitCode, removed: exitCode === 0 ? JSON.parse(stdout).removed : undefined }
}

/** Ids of all backups in the store, newest first. */
export async function idsIn(job: Job): Promise<string[]> {
  return (await statesOf(job)).map(({ id }) => id)
}
