// The verbs specs use for the names of rules: constraints, unique indexes and triggers of our own schemas.
import type { Session } from '../../harness/index.ts'

const OURS = `n.nspname !~ '^(pg_|information_schema)'
  and not exists (select from pg_depend d where d.deptype = 'e' and d.objid in (c.oid, n.oid))`

/** Rules with what they stand on; a partition repeats those of its parent, under the parent's name or its own. */
const RULES = `
  select k.conname::text as name, c.oid, k.conparentid <> 0 or not k.conislocal as repeated
    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = k.connamespace where ${OURS}
  union
  select c.relname::text, i.indrelid, c.relispartition
    from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
   where i.indisunique and ${OURS}
     and not exists (select from pg_constraint k where k.conindid = c.oid and k.contype in ('p', 'u', 'x'))`

const TRIGGERS = `
  select t.tgname::text as name from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
   where not t.tgisinternal and ${OURS}`

const RULES_OF_TYPES = `
  select k.conname::text as name, c.typname as base
    from pg_constraint k join pg_type c on c.oid = k.contypid join pg_namespace n on n.oid = c.typnamespace where ${OURS}`

/** Names of all rules, domains' included. */
export function namesOfRules(db: Session): Promise<string[]> {
  return namesFrom(
    db,
    `select name from (${RULES}) r union ${TRIGGERS} union select name from (${RULES_OF_TYPES}) t`,
  )
}

/** Names that Postgres made up: what the rule stands on, perhaps its columns, and what kind of rule it is. */
export function generatedNames(db: Session): Promise<string[]> {
  return namesFrom(
    db,
    `select name from (select name, relname as base from (${RULES}) r join pg_class using (oid) union all ${RULES_OF_TYPES}) q
      where starts_with(name, base || '_') and name ~ '_(pkey|key|check|fkey|excl|exclusion|not_null|idx)\\d*$'`,
  )
}

/** Names that stand for rules of two tables. */
export function namesUsedTwice(db: Session): Promise<string[]> {
  return namesFrom(
    db,
    `select name from (${RULES}) r where not repeated group by name having count(distinct oid) > 1`,
  )
}

/** Functions of ours that raise and do not say which rule. */
export function namelessRefusals(db: Session): Promise<string[]> {
  return namesFrom(
    db,
    `select c.oid::regprocedure::text as name from pg_proc c join pg_namespace n on n.oid = c.pronamespace
      where ${OURS} and (select count(*) from regexp_matches(c.prosrc, 'raise exception', 'g'))
          > (select count(*) from regexp_matches(c.prosrc, 'raise exception[^;]*constraint = ', 'g'))`,
  )
}

async function namesFrom(db: Session, query: string): Promise<string[]> {
  const rows = await db.query<{ name: string }>(`select distinct name from (${query}) q order by name`)
  return rows.map(({ name }) => name)
}
