// Fills a new database from a dump, with pg_restore.
import { writeFile } from 'node:fs/promises'
import { connectForBackup } from './connection.ts'
import { outputOf, startTool } from './postgres-tools.ts'

export interface Filling {
  /** The new database, as the superuser and as OWNER_LOGIN. */
  superuser: URL
  owner: URL
  dump: string
  /** How many tables at once. */
  jobs: number
}

/** The login that may become the owner of the tables. */
export const OWNER_LOGIN = 'hma_migrator'
/** Of every table. */
export const OWNER = 'hma_owner'
const WITHIN_MS = 24 * 3_600_000

/**
 * Rows are loaded by the owner of their tables, because loading runs checks, generated columns and domains, which the owner wrote. All
 * else needs the superuser and runs none of them: definitions before, and indexes, constraints, triggers and event triggers after.
 * Postgres itself builds an index as the owner of its table.
 */
export async function fill({ superuser, owner, dump, jobs }: Filling): Promise<void> {
  const signal = AbortSignal.timeout(WITHIN_MS)
  const restore = async (url: URL, ...words: string[]) => {
    const tool = startTool('pg_restore', ['--exit-on-error', ...words, dump], { url, signal })
    tool.stdout.resume()
    await tool.ended
  }
  const { ofSuperusers, ofOthers } = await dataLists(superuser, dump)
  const withoutEventTriggers = new URL(superuser)
  withoutEventTriggers.searchParams.set('options', '-cevent_triggers=off')
  const inParallel = `--jobs=${jobs}`
  // Several hundred short statements, none of which waits for another table: fewer commits are faster than more jobs.
  await restore(withoutEventTriggers, '--section=pre-data', '--transaction-size=1000')
  await restore(owner, '--section=data', inParallel, `--role=${OWNER}`, `--use-list=${ofOthers}`)
  await restore(withoutEventTriggers, '--section=data', `--use-list=${ofSuperusers}`)
  await restore(withoutEventTriggers, '--section=post-data', inParallel)
}

/** Files beside the dump that list the rows and sequences of superusers, such as those of extensions, and of all others. */
async function dataLists(url: URL, dump: string): Promise<{ ofSuperusers: string; ofOthers: string }> {
  const superusers = new Set(await superusersAt(url))
  const entries = (await outputOf('pg_restore', ['--list', '--section=data', dump])).split('\n')
  const isOfSuperuser = (entry: string) => superusers.has(entry.split(' ').at(-1) ?? '')
  const write = async (name: string, lines: string[]) => {
    const file = `${dump}.${name}`
    await writeFile(file, `${lines.join('\n')}\n`)
    return file
  }
  return {
    ofSuperusers: await write('superusers', entries.filter(isOfSuperuser)),
    ofOthers: await write(
      'others',
      entries.filter((entry) => !isOfSuperuser(entry)),
    ),
  }
}

async function superusersAt(url: URL): Promise<string[]> {
  const client = await connectForBackup(url)
  const { rows } = await client
    .query<{ rolname: string }>('select rolname from pg_roles where rolsuper')
    .finally(() => client.end())
  return rows.map(({ rolname }) => rolname)
}
