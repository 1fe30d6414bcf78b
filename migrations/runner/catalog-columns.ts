// What the fingerprint of the catalog leaves out or reads in another way than as it stands, each with its reason.

/** Catalogs that say nothing about how the database is built, and those that fingerprint.ts reads in a query of their own. */
export const LEFT_OUT: Record<string, string> = {
  pg_statistic: 'figures about the data',
  pg_statistic_ext_data: 'figures about the data',
  pg_largeobject: 'data',
  pg_init_privs: 'the privileges that an object had at first',
  pg_subscription_rel: 'the state of replication',
  pg_user_mapping: 'not everybody may read it: by the view pg_user_mappings',
  pg_authid: 'not everybody may read it: by the view pg_roles',
  pg_auth_members: 'only memberships of roles that count',
  pg_db_role_setting: 'only settings of this database, of everybody, and of roles that count',
  pg_parameter_acl: 'by the name of the parameter',
  pg_replication_origin: 'by name',
  pg_shdepend: 'follows from the objects',
}

/** Columns that change without a change of the object, or that only number it. */
export const VOLATILE: Record<string, string[]> = {
  pg_class: [
    ...[
      'relfilenode',
      'relpages',
      'reltuples',
      'relallvisible',
      'relallfrozen',
      'relfrozenxid',
      'relminmxid',
    ],
    // Hints, which may stay true for a while.
    ...['relhasindex', 'relhasrules', 'relhastriggers', 'relhassubclass'],
    // relnatts counts dropped columns; the others follow from other catalogs, and the bound is what distinguishes leaves.
    ...['relnatts', 'relchecks', 'reltype', 'reltoastrelid', 'relrewrite', 'relpartbound'],
  ],
  pg_attribute: ['attrelid', 'attnum', 'attcacheoff', 'atthasmissing', 'attmissingval'],
  pg_attrdef: ['adrelid', 'adnum'],
  pg_constraint: ['conindid', 'conparentid'],
  pg_index: ['indexrelid', 'indcheckxmin'],
  pg_trigger: ['tgparentid', 'tgconstrindid', 'tgconstraint'],
  pg_type: ['typarray'],
  pg_collation: ['collversion'],
  pg_database: ['datname', 'datfrozenxid', 'datminmxid', 'datcollversion'],
  pg_description: ['objoid', 'classoid', 'objsubid'],
  pg_seclabel: ['objoid', 'classoid', 'objsubid'],
  pg_shdescription: ['objoid', 'classoid'],
  pg_shseclabel: ['objoid', 'classoid'],
  // Which database it belongs to, and how far replication is.
  pg_subscription: ['subdbid', 'subskiplsn', 'subtwophasestate'],
  pg_depend: ['classid', 'objid', 'objsubid', 'refobjsubid', 'refobjid'],
  pg_enum: ['enumtypid', 'enumsortorder'],
}

export interface Address {
  class?: string
  object?: string
  sub?: string
  relation?: string
  where?: string
}

const HERE = '(select d.oid from pg_database d where d.datname = current_database())'

const IS_INTERNAL = 't.tgisinternal and t.tgconstraint <> 0'

/** Which object a row belongs to, where that is not its oid or first column, and which rows count. */
export const ADDRESSES: Record<string, Address> = {
  pg_class: {
    relation: 't.oid',
    where: `t.relnamespace <> 'pg_toast'::regnamespace and t.relpersistence <> 't'`,
  },
  pg_attribute: {
    object: 't.attrelid',
    class: `'pg_class'::regclass`,
    // The columns of an index are the index.
    sub: 'case when exists (select from pg_index i where i.indexrelid = t.attrelid) then 0 else t.attnum end',
    where: `not t.attisdropped and (t.attnum > 0 or t.attacl is not null)`,
  },
  pg_attrdef: { object: 't.adrelid', class: `'pg_class'::regclass`, sub: 't.adnum' },
  // Their values follow from the order.
  pg_enum: { object: 't.enumtypid', class: `'pg_type'::regclass` },
  // The rule of a view is the view.
  pg_rewrite: {
    object: `case t.rulename when '_RETURN' then t.ev_class else t.oid end`,
    class: `case t.rulename when '_RETURN' then 'pg_class'::regclass else 'pg_rewrite'::regclass end`,
  },
  // The names of the triggers of a foreign key contain oids, so they belong to the constraint.
  pg_trigger: {
    object: `case when ${IS_INTERNAL} then t.tgconstraint else t.oid end`,
    class: `case when ${IS_INTERNAL} then 'pg_constraint'::regclass else 'pg_trigger'::regclass end`,
  },
  pg_index: { relation: 't.indrelid' },
  // Of the collations of the operating system only those that somebody made.
  pg_collation: { where: 't.oid not between 12000 and 16383' },
  // Array types follow their element type; the type of a table is the table.
  pg_type: {
    object: 'case t.typrelid when 0 then t.oid else t.typrelid end',
    class: `case t.typrelid when 0 then 'pg_type'::regclass else 'pg_class'::regclass end`,
    where: `t.typcategory <> 'A'`,
  },
  pg_description: description(),
  pg_seclabel: description(),
  pg_largeobject_metadata: { class: `'pg_largeobject'::regclass` },
  // Which objects belong to an extension; the other dependencies follow from the objects.
  pg_depend: {
    ...{ object: 't.objid', class: 't.classid', sub: 't.objsubid', relation: '0' },
    where: `t.deptype in ('e', 'x')`,
  },
  pg_database: { where: 't.datname = current_database()', relation: '0' },
  pg_subscription: { where: `t.subdbid = ${HERE}` },
  pg_shdescription: ofSharedObject(),
  pg_shseclabel: ofSharedObject(),
}

function description(): Address {
  return {
    ...{ object: 't.objoid', class: 't.classoid', sub: 't.objsubid' },
    relation: `case t.classoid when 'pg_class'::regclass then t.objoid else 0 end`,
  }
}

/** Of tablespaces. What is said of a role is read with the role; what is said of a database is in no dump of it, like its name. */
function ofSharedObject(): Address {
  return {
    ...{ object: 't.objoid', class: 't.classoid', sub: '0', relation: '0' },
    where: `t.classoid = 'pg_tablespace'::regclass`,
  }
}

/** Catalogs with few rows, of which those that Postgres made are named one by one, too. */
export const BY_NAME = [
  ...['pg_namespace', 'pg_language', 'pg_am', 'pg_database', 'pg_extension', 'pg_event_trigger'],
  ...['pg_tablespace', 'pg_shdescription', 'pg_shseclabel'],
]

const OPERAND = String.raw`\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)`
/** `((a OR b) OR c)`, which a comparison of rows becomes. */
const NESTED_CHAIN = String.raw`\(\((${OPERAND} (AND|OR) ${OPERAND}(?: \2 ${OPERAND})*)\) \2 `

/**
 * A printed expression with its chains of AND and OR as Postgres prints them again once it has read its own text, after a restore:
 * `(a OR b OR c)`.
 */
function settled(printed: string): string {
  const flatten = (text: string) => `regexp_replace(${text}, '${NESTED_CHAIN}', '(\\1 \\2 ', 'g')`
  return `(select case when p.text like '%((%' then ${flatten(flatten(flatten(flatten('p.text'))))} else p.text end from (select ${printed} as text) p)`
}

const unlessInternal = (value: string) => `case when t.tgisinternal then '' else ${value} end`

/** Columns that are read in another way. The tree of an expression contains oids, and the places of words in the text: it is printed. */
export const READ_AS: Record<string, string> = {
  // Debian's Postgres 17.12 writes a number of its own among the options of a column.
  'pg_attribute.attoptions': `array(select o from unnest(t.attoptions) o where o !~ '^pg_' order by o)`,
  'pg_attrdef.adbin': settled('pg_get_expr(t.adbin, t.adrelid)'),
  'pg_constraint.conbin': settled('pg_get_constraintdef(t.oid)'),
  'pg_index.indexprs': settled('pg_get_expr(t.indexprs, t.indrelid)'),
  'pg_index.indpred': settled('pg_get_expr(t.indpred, t.indrelid)'),
  'pg_partitioned_table.partexprs': settled('pg_get_expr(t.partexprs, t.partrelid)'),
  'pg_policy.polqual': settled('pg_get_expr(t.polqual, t.polrelid)'),
  'pg_policy.polwithcheck': settled('pg_get_expr(t.polwithcheck, t.polrelid)'),
  'pg_proc.proargdefaults': settled('pg_get_function_arguments(t.oid)'),
  'pg_proc.prosqlbody': settled('pg_get_function_sqlbody(t.oid)'),
  'pg_publication_rel.prqual': settled('pg_get_expr(t.prqual, t.prrelid)'),
  'pg_rewrite.ev_action': settled('pg_get_ruledef(t.oid)'),
  'pg_rewrite.ev_qual': `''`,
  'pg_statistic_ext.stxexprs': settled('pg_get_statisticsobjdef(t.oid)'),
  // Names of the triggers of a foreign key contain oids.
  'pg_trigger.tgname': unlessInternal('t.tgname'),
  'pg_trigger.tgqual': unlessInternal(settled('pg_get_triggerdef(t.oid)')),
  // That of a domain is the printed expression.
  'pg_type.typdefault': settled('t.typdefault'),
  'pg_type.typdefaultbin': settled('pg_get_expr(t.typdefaultbin, 0)'),
}

/** The same for what Postgres made, which is in no dump: a view is printed in a third of the time of its rule. */
export const BUILT_IN_READ_AS: Record<string, string> = {
  ...READ_AS,
  'pg_proc.proargdefaults': 'pg_get_function_arguments(t.oid)',
  'pg_rewrite.ev_action': `case t.rulename when '_RETURN' then pg_get_viewdef(t.ev_class) else pg_get_ruledef(t.oid) end`,
}

/** The arguments of acldefault: what kind of object, and its owner. */
export const OWNERS: Record<string, string> = {
  pg_class: `case t.relkind when 'S' then 's' else 'r' end::"char", t.relowner`,
  pg_attribute: `'c', 0`,
  pg_proc: `'f', t.proowner`,
  pg_type: `'T', t.typowner`,
  pg_namespace: `'n', t.nspowner`,
  pg_language: `'l', t.lanowner`,
  pg_database: `'d', t.datdba`,
  pg_tablespace: `'t', t.spcowner`,
  pg_largeobject_metadata: `'L', t.lomowner`,
  pg_foreign_server: `'S', t.srvowner`,
  pg_foreign_data_wrapper: `'F', t.fdwowner`,
}
