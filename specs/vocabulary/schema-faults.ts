// Faults that replace a constraint or a trigger by another one of the same name.
import { sql } from '../../harness/setup.ts'

export const replaceConstraint = (table: string, name: string, definition: string) =>
  sql`alter table ${table} drop constraint ${name};
      alter table ${table} add constraint ${name} ${definition}`

/** `timing` is what stands before the table's name, `action` what follows it. */
export const replaceTrigger = (table: string, name: string, timing: string, action: string) =>
  sql`drop trigger ${name} on ${table};
      create trigger ${name} ${timing} on ${table} ${action}`
