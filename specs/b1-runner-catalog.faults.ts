import { edit, faults } from '../harness/setup.ts'

const OBJECTS = 'migrations/runner/fingerprint.ts'
const QUERY = 'migrations/runner/catalog-query.ts'
const COLUMNS = 'migrations/runner/catalog-columns.ts'

const leftOut = (catalog: string) =>
  edit(COLUMNS, "pg_largeobject: 'data',", `pg_largeobject: 'data',\n  ${catalog}: '',`)

export default faults({
  'B1.0.8': {
    'one column of a catalog is not compared': edit(
      COLUMNS,
      "pg_collation: ['collversion'],",
      "pg_collation: ['collversion'],\n  pg_proc: ['proisstrict'],",
    ),
    'whom a policy is for is not compared': edit(
      COLUMNS,
      "pg_collation: ['collversion'],",
      "pg_collation: ['collversion'],\n  pg_policy: ['polroles'],",
    ),
    'how a foreign key deletes is not compared': edit(
      COLUMNS,
      "pg_constraint: ['conindid',",
      "pg_constraint: ['confdeltype', 'conindid',",
    ),
    'privileges are not compared': edit(
      QUERY,
      "if (type === 'aclitem[]') return [privilegesOf(catalog, value)]",
      "if (type === 'aclitem[]') return []",
    ),
    'a disabled trigger looks like an enabled one': edit(
      COLUMNS,
      "['tgparentid',",
      "['tgenabled', 'tgparentid',",
    ),
    'the triggers of a foreign key are not compared': edit(
      COLUMNS,
      '  pg_trigger: {\n',
      "  pg_trigger: {\n    where: 'not t.tgisinternal',\n",
    ),
    'comments are not compared': leftOut('pg_description'),
    'policies are not compared': leftOut('pg_policy'),
    'default privileges are not compared': leftOut('pg_default_acl'),
    'whether a role may replicate is not compared': edit(
      OBJECTS,
      "'rolconfig']",
      "'rolconfig', 'rolreplication']",
    ),
    'whether a role may create roles is not compared': edit(
      OBJECTS,
      "'rolconfig']",
      "'rolconfig', 'rolcreaterole']",
    ),
    'whether a member inherits is not compared': edit(
      OBJECTS,
      'row(admin_option, inherit_option, set_option, ',
      'row(admin_option, set_option, ',
    ),
    'tablespaces are not compared': leftOut('pg_tablespace'),
    'subscriptions are not compared': leftOut('pg_subscription'),
    'comments on what all databases share are not compared': leftOut('pg_shdescription'),
    'comments on roles are not compared': edit(
      OBJECTS,
      "'comment', shobj_description(r.oid, 'pg_authid'),",
      '',
    ),
    'origins of replication are not compared': edit(
      OBJECTS,
      "from pg_replication_origin where roname !~ '^pg_'",
      'from pg_replication_origin where false',
    ),
    'user mappings are not compared': edit(
      OBJECTS,
      'from pg_user_mappings',
      'from pg_user_mappings where false',
    ),
    'what all databases set for everybody is not compared': edit(
      OBJECTS,
      '(s.setrole = 0 or s.setrole in',
      '(s.setrole = 0 and s.setdatabase <> 0 or s.setrole in',
    ),
    'who grants a membership is not compared': edit(
      OBJECTS,
      `string_agg(row(admin_option, inherit_option, set_option, grantor::regrole)::text, ',' order by grantor::regrole::text collate "C")`,
      'min(row(admin_option, inherit_option, set_option)::text)',
    ),
    'roles with a right over the whole server alone are not compared': edit(
      OBJECTS,
      "or d.classid in ('pg_tablespace'::regclass, 'pg_parameter_acl'::regclass)",
      '',
    ),
    'of an expression that Postgres itself made only the size is compared': edit(
      QUERY,
      'return BUILT_IN_READ_AS[`${catalog}.${name}`] ?? `t.${name}::text`',
      'return `pg_column_size(t.${name})`',
    ),
    'comments on what Postgres itself made are not compared': edit(
      QUERY,
      "catalog === 'pg_description' ? PINNED : OURS",
      "catalog === 'pg_description' ? 0 : OURS",
    ),
    'comments on databases are drift': edit(
      COLUMNS,
      "where: `t.classoid = 'pg_tablespace'::regclass`",
      "where: `t.classoid in ('pg_tablespace'::regclass, 'pg_database'::regclass)`",
    ),
    'what Postgres itself made is not compared': edit(
      OBJECTS,
      'from (${builtIn}) b',
      'from (${builtIn}) b where false',
    ),
    'privileges on what Postgres itself made are not compared': edit(
      OBJECTS,
      'and now.list <> now.at_first',
      'and false',
    ),
    'privileges on parameters are not compared': edit(
      OBJECTS,
      'from pg_parameter_acl',
      'from pg_parameter_acl where false',
    ),
    'the leaf of a new month is drift': edit(OBJECTS, 'where l.relispartition and', 'where false and'),
    'a leaf that differs from the others is no drift': edit(
      OBJECTS,
      'where l.digest <> u.digest',
      'where false',
    ),
    'a dropped column is drift': edit(COLUMNS, "'relnatts', 'relchecks',", "'relchecks',"),
    'an expression that Postgres prints in another way after a restore is drift': edit(
      COLUMNS,
      "like '%((%' then",
      "like '%((never%' then",
    ),
    'a key of partitions that Postgres prints in another way after a restore is drift': edit(
      COLUMNS,
      "settled('pg_get_expr(t.partexprs, t.partrelid)')",
      "'pg_get_expr(t.partexprs, t.partrelid)'",
    ),
    'a default of an argument that Postgres prints in another way after a restore is drift': edit(
      COLUMNS,
      "settled('pg_get_function_arguments(t.oid)')",
      "'pg_get_function_arguments(t.oid)'",
    ),
    'a default of a domain that Postgres prints in another way after a restore is drift': edit(
      COLUMNS,
      "settled('t.typdefault')",
      "'t.typdefault'",
    ),
    'a digest depends on the settings of the session': edit(
      'migrations/runner/session.ts',
      "set bytea_output = 'hex'; set standard_conforming_strings = on;",
      '',
    ),
  },
})
