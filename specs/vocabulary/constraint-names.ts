// Names of constraints, unique indexes and triggers in the project's own schemas.
import type { Session } from '../../harness/index.ts'

const OWN = `n.nspname !~ '^(pg_|information_schema)'
  and not exists (select from pg_depend d where d.deptype = 'e' and d.objid in (c.oid, n.oid))`

/** Constraints and unique indexes with their table; `inherited` ones repeat a constraint of the partitioned table. */
const OF_TABLES = `
  select k.conname::text as name, c.oid, c.relname as base, k.conparentid <> 0 or not k.conislocal as inherited
    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = k.connamespace where ${OWN}
  union
  select c.relname::text, i.indrelid, t.relname, c.relispartition
    from pg_index i join pg_class c on c.oid = i.indexrelid join pg_class t on t.oid = i.indrelid
    join pg_namespace n on n.oid = c.relnamespace
   where i.indisunique and ${OWN}
     and not exists (select from pg_constraint k where k.conindid = c.oid and k.contype in ('p', 'u', 'x'))`

const OF_TRIGGERS = `
  select t.tgname::text as name from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
   where not t.tgisinternal and ${OWN}`

const OF_DOMAINS = `
  select k.conname::text as name, c.typname as base
    from pg_constraint k join pg_type c on c.oid = k.contypid join pg_namespace n on n.oid = c.typnamespace where ${OWN}`

/** All names. */
export function ruleNames(db: Session): Promise<string[]> {
  return db.column(
    `select name from (${OF_TABLES}) r union ${OF_TRIGGERS} union select name from (${OF_DOMAINS}) d order by name`,
  )
}

/** Names that Postgres generated: the table or domain, perhaps columns, and the kind of constraint. */
export function generatedNames(db: Session): Promise<string[]> {
  return db.column(
    `select distinct name from (select name, base from (${OF_TABLES}) r union all ${OF_DOMAINS}) q
      where starts_with(name, base || '_') and name ~ '_(pkey|key|check|fkey|excl|exclusion|not_null|idx)\\d*$' order by name`,
  )
}

/** Names that two tables use. */
export function namesUsedTwice(db: Session): Promise<string[]> {
  return db.column(
    `select name from (${OF_TABLES}) r where not inherited group by name having count(distinct oid) > 1 order by name`,
  )
}

/** How a function raises an error, in whatever words; neither a message of a lower level nor what the function itself catches. */
const RAISE = String.raw`\mraise\s+(?!notice|log|debug|info|warning|sqlstate ''UNDO0'')\w`

/** Functions that raise an error without a constraint name. */
export function functionsThatRaiseWithoutName(db: Session): Promise<string[]> {
  return db.column(
    `select c.oid::regprocedure::text from pg_proc c join pg_namespace n on n.oid = c.pronamespace
      where ${OWN} and regexp_count(c.prosrc, '${RAISE}', 1, 'i') > regexp_count(c.prosrc, '${RAISE}[^;]*\\mconstraint\\s*=', 1, 'i')
      order by 1`,
  )
}

/** Names of constraints, and those that a function writes out where it raises, without the ones of a leaf alone. */
export function namesOfRules(db: Session): Promise<string[]> {
  return db.column(
    `select name from (${OF_TABLES}) r where not inherited union ${OF_TRIGGERS} union select name from (${OF_DOMAINS}) d
      union select named[1] from pg_proc c join pg_namespace n on n.oid = c.pronamespace, regexp_matches(c.prosrc, '\\mconstraint = ''(\\w+)''', 'g') named
       where ${OWN} order by name`,
  )
}
