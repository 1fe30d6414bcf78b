// Roles that no file of ours makes: somebody made them on the server, and the database needs them.
import type { Database, Outcome } from '../../harness/index.ts'

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
