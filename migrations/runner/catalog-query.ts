// The query for the whole catalog as rows (kind, identity, digest), equal in all databases with the same migrations. It is derived from
// the columns that the catalogs of this server have: what is not named here is compared.
import {
  ADDRESSES,
  type Address,
  BUILT_IN_READ_AS,
  BY_NAME,
  LEFT_OUT,
  OWNERS,
  READ_AS,
  VOLATILE,
} from './catalog-columns.ts'

export interface Column {
  catalog: string
  name: string
  type: string
  /** The catalog that it refers to. */
  target: string | null
  isArray: boolean
  /** For the number of an attribute: the column that names its relation. */
  relation: string | null
}

/** Without columns that not everybody may read, so that every login gets the same digests. */
const COLUMNS = `
  select c.relname as catalog, a.attname as name, a.atttypid::regtype::text as type, f.target, coalesce(f.is_array, false) as "isArray", f.relation
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join lateral (
        select k.pktable::text as target, k.is_array, case when cardinality(k.fkcols) = 2 then k.fkcols[1] end as relation
          from pg_get_catalog_foreign_keys() k
         where k.fktable = c.oid and k.fkcols[cardinality(k.fkcols)] = a.attname limit 1
    ) f on true
   where c.relnamespace = 'pg_catalog'::regnamespace and c.oid < 16384 and c.relkind = 'r'
     and has_column_privilege('public', c.oid, a.attnum, 'select')
   order by c.relname, a.attnum`

/** Objects from this oid on were made by somebody. Below 12000 an object has the same oid on every server of this version. */
const OURS = 16384
const PINNED = 12000

/** Runs a query and returns its rows. */
export type Ask = (query: string) => Promise<Column[]>

/** The two parts of the query, with a branch for each catalog: objects that somebody made, and those that Postgres made. */
export async function readParts(ask: Ask): Promise<{ ours: string; builtIn: string }> {
  const rows = await ask(COLUMNS)
  const catalogs = Map.groupBy(
    rows.filter(({ catalog }) => !(catalog in LEFT_OUT)),
    ({ catalog }) => catalog,
  )
  return {
    ours: [...catalogs].map(([catalog, columns]) => partOf(catalog, columns)).join('\nunion all '),
    builtIn: [...catalogs]
      .filter(([catalog]) => !BY_NAME.includes(catalog))
      .map(([catalog, columns]) => builtInPartOf(catalog, columns))
      .join('\nunion all '),
  }
}

function partOf(catalog: string, columns: Column[]): string {
  const { object, sub = '0', class: classOf, where = 'true' } = addressOf(catalog, columns)
  const values = columns.flatMap(readOf)
  const first = BY_NAME.includes(catalog) ? 0 : OURS
  return `select ${classOf}::oid as classid, ${object}::oid as objid, (${sub})::int as subid, ${relationOf(catalog, columns)}::oid as relation,
    '${catalog} ' || row(${values.join(', ')})::text as content from pg_catalog.${catalog} t where ${object} >= ${first} and ${where}`
}

/**
 * One digest for the whole catalog. Of an object without a fixed oid only the columns that contain no oid, and no comment: the operating
 * system's collations have some. Expressions are printed, because their trees contain oids. Privileges are compared one by one.
 */
function builtInPartOf(catalog: string, columns: Column[]): string {
  const { object, where = 'true' } = addressOf(catalog, columns)
  const values = columns
    .filter((column) => !isVolatile(column))
    .flatMap(({ name, type, target, relation }) => {
      if (type === 'aclitem[]') return []
      if (name === 'attoptions') return []
      if (type === 'pg_node_tree')
        return [`case when t.${name} is not null then ${printed(catalog, name)} end`]
      return target === null || relation !== null
        ? [`t.${name}`]
        : [`case when ${object} < ${PINNED} then t.${name} end`]
    })
  return `select '${catalog}' as catalog, sum(hashtextextended(row(${values.join(', ')})::text, 0))::text as digest
    from pg_catalog.${catalog} t where ${object} < ${catalog === 'pg_description' ? PINNED : OURS} and ${where}`
}

function printed(catalog: string, name: string): string {
  return BUILT_IN_READ_AS[`${catalog}.${name}`] ?? `t.${name}::text`
}

function addressOf(
  catalog: string,
  columns: Column[],
): Required<Pick<Address, 'object' | 'class'>> & Address {
  const given = ADDRESSES[catalog] ?? {}
  const [first] = columns
  if (columns.some(({ name }) => name === 'oid'))
    return { class: `'${catalog}'::regclass`, object: 't.oid', ...given }
  return { class: `'${first?.target ?? catalog}'::regclass`, object: `t.${first?.name}`, ...given }
}

/** The table that an object belongs to, or an index of it. */
function relationOf(catalog: string, columns: Column[]): string {
  const given = ADDRESSES[catalog]?.relation
  if (given !== undefined) return given
  const column = columns.find(({ target, isArray }) => target === 'pg_class' && !isArray)
  return column === undefined ? '0' : `t.${column.name}`
}

function readOf(column: Column): string[] {
  const { catalog, name, type, target, isArray, relation } = column
  const value = `t.${name}`
  if (isVolatile(column)) return []
  const special = READ_AS[`${catalog}.${name}`]
  if (special !== undefined) return [special]
  if (type === 'pg_node_tree') return [`regexp_replace(${value}::text, ':location -?\\d+', '', 'g')`]
  if (type === 'aclitem[]') return [privilegesOf(catalog, value)]
  if (relation !== null)
    return [
      isArray
        ? `array(select ${attribute(relation, 'k.number')} from unnest(${value}) with ordinality k(number, place) order by k.place)`
        : attribute(relation, value),
    ]
  if (target === null) return [value]
  return [
    isArray
      ? `array(select ${nameOf(target, 'k.object')} from unnest(${value}) with ordinality k(object, place) order by k.place)`
      : nameOf(target, value),
  ]
}

function isVolatile({ catalog, name }: Column): boolean {
  return name === 'oid' || (VOLATILE[catalog] ?? []).includes(name)
}

function attribute(relation: string, number: string): string {
  return `(select a.attname from pg_attribute a where (a.attrelid, a.attnum) = (t.${relation}, ${number}))`
}

/** A list of privileges in one order; no list means the privileges by default. */
export function privilegesOf(catalog: string, list: string): string {
  const whole = OWNERS[catalog] === undefined ? list : `coalesce(${list}, acldefault(${OWNERS[catalog]}))`
  return `array(select a::text from unnest(${whole}) a order by a::text collate "C")`
}

/** Types whose text is a name, and quick. */
const NAMES: Record<string, string> = {
  pg_class: 'regclass',
  pg_type: 'regtype',
  pg_proc: 'regprocedure',
  pg_operator: 'regoperator',
  pg_namespace: 'regnamespace',
  pg_authid: 'regrole',
  pg_collation: 'regcollation',
  pg_ts_config: 'regconfig',
  pg_ts_dict: 'regdictionary',
}

function nameOf(target: string, oid: string): string {
  const type = NAMES[target]
  if (type !== undefined) return `(${oid})::oid::${type}::text`
  return `(select i.identity from pg_identify_object('${target}'::regclass, ${oid}, 0) i where ${oid} <> 0)`
}
