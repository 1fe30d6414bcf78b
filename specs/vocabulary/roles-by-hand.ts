// Roles that no file of ours makes: somebody made them on the server, and the database needs them.
import type { Database, Outcome } from '../../harness/index.ts'
import { backUpIn, type Job } from './backups.ts'

/** One that owns a view, one that may read a table, and one that may connect to the database. Returns their names. */
export async function createRolesByHand(db: Database): Promise<string[]> {
  const [owner, reader, guest] = ['owner_by_hand', 'reader_by_hand', 'guest_by_hand']
  await db.query(`
    create role ${owner};
    create role ${reader};
    create role ${guest};
    create view public.made_by_hand as select 1 as id;
    alter view public.made_by_hand owner to ${owner};
    grant select on auth.users to ${reader};
    grant connect on database ${db.name} to ${guest}`)
  return [owner, reader, guest]
}

/** What a run wrote to standard error but for what it was doing: its errors, and the stack of a defect. */
export function errorsOf({ stderr }: Outcome): string[] {
  const isProgress = (line: string) => /^(?: {2}\S.*: [\d.]+ s|restore into .*)$/.test(line)
  return stderr.split('\n').filter((line) => line !== '' && !isProgress(line))
}

/** A login, and a role that nobody can be. */
const BY_HAND = `
  create role stranger login;
  create role nobody;
  create table public.strange (id integer);
  create aggregate public.odd(text) (sfunc = textcat, stype = text, initcond = '');
  create view public.seen as select 1 as id;
  create materialized view public.kept as select 1 as id;
  create function public.said() returns integer language sql as 'select 1';
  create domain public.word as text`
const WRITTEN = [
  ['table', 'public.strange', 'nobody'],
  ['aggregate', 'public.odd(text)', 'nobody'],
  ['view', 'public.seen', 'stranger'],
  ['materialized view', 'public.kept', 'stranger'],
  ['function', 'public.said()', 'stranger'],
  ['domain', 'public.word', 'stranger'],
] as const

/** A backup for each of these while it belongs to its role; afterwards all belong to the owner of the tables. */
export async function backUpWithEachOfOthers(
  job: Job,
  db: Database,
): Promise<{ name: string; exitCode: number; stderr: string }[]> {
  await db.query(BY_HAND)
  const outcomes = []
  for (const [kind, name, owner] of WRITTEN) {
    await db.query(`alter ${kind} ${name} owner to ${owner}`)
    const { exitCode, stderr } = await backUpIn(job, db)
    outcomes.push({ name: name.replace(/\(.*/, ''), exitCode, stderr })
    await db.query(`alter ${kind} ${name} owner to hma_owner`)
  }
  return outcomes
}
