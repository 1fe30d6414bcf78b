// Changes of the catalog by hand, one at a time: what is changed, the statement, and how the runner names it.

type Change = readonly [what: string, statement: string, kind: string, identity: string]

/** Runs a statement on the first trigger of Postgres that enforces this foreign key; its name contains an oid. */
const onTriggerOf = (key: string, action: string) => `do $$ begin
  execute (select format('alter table %s ${action} trigger %I', tgrelid::regclass, tgname) from pg_trigger t
            join pg_constraint c on c.oid = t.tgconstraint where c.conname = '${key}' order by tgname limit 1); end $$`

const inDatabase = (statement: string) =>
  `do $$ begin execute format('${statement}', current_database()); end $$`

const REPLACED_VIEW = `do $$ begin execute 'create or replace view analytics.people_by_age with (security_barrier) as select * from ('
  || rtrim(pg_get_viewdef('analytics.people_by_age'::regclass), ';') || ') v'; end $$`

const KEY = 'table constraint'
const SESSION_KEY = 'sessions_belong_to_a_user on auth.sessions'
const STAMP = 'ops.stamp_times()'
const MATRIX = 'postgis.st_area(postgis.geometry)'

export const CHANGES: readonly Change[] = [
  ['a table is unlogged', 'alter table ops.secret set unlogged', 'table', 'ops.secret'],
  ['a table has another owner', 'alter table ops.secret owner to hma_app', 'table', 'ops.secret'],
  ['a table has another option', 'alter table ops.secret set (fillfactor = 50)', 'table', 'ops.secret'],
  ['a table has row security', 'alter table ops.secret enable row level security', 'table', 'ops.secret'],
  ['row security is forced', 'alter table ops.secret force row level security', 'table', 'ops.secret'],
  [
    'a table has another replica identity',
    'alter table ops.secret replica identity full',
    'table',
    'ops.secret',
  ],
  ['a table has another comment', `comment on table ops.secret is 'x'`, 'table', 'ops.secret'],
  ['a privilege on a table', 'grant select on ops.secret to hma_ml', 'table', 'ops.secret'],
  ['a table is added', 'create table ops.more (id int)', 'table', 'ops.more'],
  ['a column is added', 'alter table auth.users add nickname text', 'table column', 'auth.users.nickname'],
  [
    'a column may be null',
    'alter table auth.users alter email drop not null',
    'table column',
    'auth.users.email',
  ],
  [
    'a column has another default',
    `alter table auth.users alter email set default 'x'`,
    'table column',
    'auth.users.email',
  ],
  [
    'a column is stored in another way',
    'alter table auth.users alter email set storage external',
    'table column',
    'auth.users.email',
  ],
  [
    'a column has other statistics',
    'alter table auth.users alter email set statistics 7',
    'table column',
    'auth.users.email',
  ],
  [
    'a column has an option',
    'alter table auth.users alter email set (n_distinct = 7)',
    'table column',
    'auth.users.email',
  ],
  [
    'a column has another collation',
    'alter table ops.schema_drift alter live type text collate "C"',
    'table column',
    'ops.schema_drift.live',
  ],
  [
    'a privilege on a column',
    'grant select (email) on auth.users to hma_ml',
    'table column',
    'auth.users.email',
  ],
  [
    'a key is not checked in replica mode only',
    onTriggerOf('sessions_belong_to_a_user', 'enable replica'),
    KEY,
    SESSION_KEY,
  ],
  ['a key is not checked', onTriggerOf('sessions_belong_to_a_user', 'disable'), KEY, SESSION_KEY],
  [
    'a key is deferrable',
    'alter table auth.sessions alter constraint sessions_belong_to_a_user deferrable',
    KEY,
    SESSION_KEY,
  ],
  [
    'a check is dropped',
    'alter table auth.users drop constraint users_are_adults',
    KEY,
    'users_are_adults on auth.users',
  ],
  [
    'a check is added without a test',
    'alter table auth.users add constraint more check (true) not valid',
    KEY,
    'more on auth.users',
  ],
  [
    'a trigger is disabled',
    'alter table auth.users disable trigger updates_are_audited',
    'trigger',
    'updates_are_audited on auth.users',
  ],
  [
    'a trigger skips replica mode',
    'alter table auth.users enable trigger updates_are_audited',
    'trigger',
    'updates_are_audited on auth.users',
  ],
  [
    'a rule is added',
    'create rule more as on delete to auth.users do instead nothing',
    'rule',
    'more on auth.users',
  ],
  ['a policy is added', 'create policy more on auth.users using (true)', 'policy', 'more on auth.users'],
  [
    'an index has an option',
    'alter index auth.users_own_their_email set (fillfactor = 50)',
    'index',
    'auth.users_own_their_email',
  ],
  ['an index is dropped', 'drop index auth.users_own_their_email', 'index', 'auth.users_own_their_email'],
  [
    'a table is clustered',
    'alter table auth.users cluster on users_have_an_id',
    'index',
    'auth.users_have_an_id',
  ],
  ['a sequence has a cache', 'alter sequence audit.audit_log_id cache 50', 'sequence', 'audit.audit_log_id'],
  [
    'a view has no barrier',
    'alter view analytics.people_by_age set (security_barrier = off)',
    'view',
    'analytics.people_by_age',
  ],
  ['a view has another query', REPLACED_VIEW, 'view', 'analytics.people_by_age'],
  [
    'statistics of two columns',
    'create statistics auth.more on id, email from auth.users',
    'statistics object',
    'auth.more',
  ],
  ['a function is strict', `alter function ${STAMP} strict`, 'function', STAMP],
  ['a function is leakproof', `alter function ${STAMP} leakproof`, 'function', STAMP],
  ['a function runs as its owner', `alter function ${STAMP} security definer`, 'function', STAMP],
  ['a function is parallel safe', `alter function ${STAMP} parallel safe`, 'function', STAMP],
  ['a function has another cost', `alter function ${STAMP} cost 7`, 'function', STAMP],
  ['a function has another setting', `alter function ${STAMP} set search_path = auth`, 'function', STAMP],
  ['a function has another owner', `alter function ${STAMP} owner to hma_app`, 'function', STAMP],
  [
    'a function has another body',
    `create or replace function ${STAMP} returns trigger language plpgsql set search_path = '' as 'begin return new; end'`,
    'function',
    STAMP,
  ],
  ['a privilege on a function', `grant execute on function ${STAMP} to hma_ml`, 'function', STAMP],
  ['a label is renamed', `alter type ml.stage rename value 'production' to 'live'`, 'type', 'ml.stage'],
  ['a label is added', `alter type ml.stage add value 'more' before 'production'`, 'type', 'ml.stage'],
  ['a privilege on a type', 'grant usage on type ml.stage to hma_app', 'type', 'ml.stage'],
  ['a domain is added', 'create domain ml.more as int check (value > 1)', 'type', 'ml.more'],
  [
    'a collation is added',
    `create collation ml.more (provider = libc, locale = 'C')`,
    'collation',
    'ml.more',
  ],
  [
    'an operator is added',
    'create operator auth.= (leftarg = text, rightarg = text, function = texteq)',
    'operator',
    'auth.=(pg_catalog.text,pg_catalog.text)',
  ],
  [
    'a cast is added',
    'create cast (text as uuid) with inout as implicit',
    'cast',
    '(pg_catalog.text AS pg_catalog.uuid)',
  ],
  ['a language is added', 'create language more handler plpgsql_call_handler', 'language', 'more'],
  ['a schema is added', 'create schema more', 'schema', 'more'],
  ['a privilege on a schema', 'grant create on schema ml to hma_app', 'schema', 'ml'],
  ['a privilege on schema public', 'grant create on schema public to public', 'schema', 'public'],
  ['a privilege on a language', 'grant usage on language plpgsql to hma_ml', 'language', 'plpgsql'],
  [
    'a default privilege',
    'alter default privileges for role hma_owner grant select on tables to public',
    'default acl',
    'for role hma_owner on tables',
  ],
  [
    'an event trigger is disabled',
    'alter event trigger audit_ddl_is_recorded disable',
    'event trigger',
    'audit_ddl_is_recorded',
  ],
  ['an extension loses an object', `alter extension postgis drop function ${MATRIX}`, 'function', MATRIX],
  [
    'a privilege on a function of PostGIS',
    `grant execute on function ${MATRIX} to public`,
    'function',
    MATRIX,
  ],
  ['a function of PostGIS is leakproof', `alter function ${MATRIX} leakproof`, 'function', MATRIX],
  [
    'a privilege on a type of PostGIS',
    'grant usage on type postgis.geometry to public',
    'type',
    'postgis.geometry',
  ],
  [
    'a privilege on a table of PostGIS',
    'grant insert on postgis.spatial_ref_sys to public',
    'table',
    'postgis.spatial_ref_sys',
  ],
  [
    'a built-in function is leakproof',
    'alter function pg_catalog.lower(text) leakproof',
    'built-in',
    'pg_proc',
  ],
  [
    'a built-in function has another owner',
    'alter function pg_catalog.lower(text) owner to hma_app',
    'built-in',
    'pg_proc',
  ],
  [
    'a built-in view has another query',
    'create or replace view information_schema.enabled_roles as select null::information_schema.sql_identifier as role_name',
    'built-in',
    'pg_rewrite',
  ],
  [
    'a built-in function has another body of the same size',
    `create or replace function pg_catalog.lpad(text, integer) returns text
      language sql immutable parallel safe strict cost 1 return lpad($1, $2, '!')`,
    'built-in',
    'pg_proc',
  ],
  [
    'a built-in view has another condition of the same size',
    `create or replace view information_schema.enabled_roles as
      select a.rolname::information_schema.sql_identifier as role_name from pg_authid a where pg_has_role(a.oid, 'USAGF'::text)`,
    'built-in',
    'pg_rewrite',
  ],
  [
    'a built-in function has another comment',
    `comment on function pg_catalog.lower(text) is 'x'`,
    'built-in',
    'pg_description',
  ],
  [
    'a privilege on a built-in function',
    'grant execute on function pg_reload_conf() to hma_ml',
    'privilege',
    'pg_catalog.pg_reload_conf()',
  ],
  [
    'a privilege on a built-in table',
    'grant select on pg_statistic to hma_ml',
    'privilege',
    'pg_catalog.pg_statistic',
  ],
  [
    'a privilege on a built-in column',
    'grant select (rolpassword) on pg_authid to hma_ml',
    'privilege',
    'pg_catalog.pg_authid.rolpassword',
  ],
  ['a privilege on a parameter', 'grant set on parameter work_mem to hma_app', 'parameter', 'work_mem'],
  ['a large object', 'select lo_create(424242)', 'large object', '424242'],
  ['a publication', 'create publication more for table auth.users', 'publication', 'more'],
  ['a foreign data wrapper', 'create foreign data wrapper more', 'foreign-data wrapper', 'more'],
  [
    'a user mapping',
    `create foreign data wrapper more; create server more foreign data wrapper more;
      create user mapping for public server more`,
    'user mapping',
    'public at more',
  ],
  [
    'a text search configuration',
    'create text search configuration ml.more (copy = simple)',
    'text search configuration',
    'ml.more',
  ],
  ['a role may replicate', 'alter role hma_ml replication', 'role', 'hma_ml'],
  ['a role has another limit of connections', 'alter role hma_ml connection limit 7', 'role', 'hma_ml'],
  ['a role expires', `alter role hma_ml valid until '2100-01-01'`, 'role', 'hma_ml'],
  ['one more superuser', 'create role more superuser', 'role', 'more'],
  ['a membership', 'grant pg_signal_backend to hma_app', 'membership', 'hma_app in pg_signal_backend'],
  ['a setting of a role', `alter role hma_ml set work_mem = '1GB'`, 'setting', 'hma_ml work_mem'],
  [
    'a setting of the database',
    inDatabase(`alter database %I set work_mem = ''1GB''`),
    'setting',
    'everybody here work_mem',
  ],
  ['PUBLIC may connect', inDatabase('grant connect on database %I to public'), 'database', 'current'],
  [
    'a limit of connections to the database',
    inDatabase('alter database %I connection limit 7'),
    'database',
    'current',
  ],
]

/** Of the catalogs that all databases of a server share. */
export const CHANGES_OF_THE_SERVER: readonly Change[] = [
  [
    'a subscription',
    `set local event_triggers = off; create subscription more connection '' publication p with (connect = false)`,
    'subscription',
    'more',
  ],
  [
    'a tablespace has an option',
    'alter tablespace pg_default set (seq_page_cost = 2)',
    'tablespace',
    'pg_default',
  ],
  [
    'a tablespace has another owner',
    'alter tablespace pg_default owner to hma_app',
    'tablespace',
    'pg_default',
  ],
  ['a tablespace has a comment', `comment on tablespace pg_default is 'x'`, 'tablespace', 'pg_default'],
  [
    'a privilege on a tablespace',
    'grant create on tablespace pg_default to hma_app',
    'tablespace',
    'pg_default',
  ],
  ['a role has a comment', `comment on role hma_ml is 'x'`, 'role', 'hma_ml'],
  [
    'a role that has a privilege on a parameter alone',
    'create role more; grant set on parameter work_mem to more',
    'role',
    'more',
  ],
  [
    'a role that has a privilege on a tablespace alone',
    'create role more; grant create on tablespace pg_default to more',
    'role',
    'more',
  ],
  [
    'a membership that somebody else grants, too',
    `grant pg_monitor to hma_ml with admin true;
      grant pg_monitor to hma_monitor with inherit true, set false granted by hma_ml`,
    'membership',
    'hma_monitor in pg_monitor',
  ],
  [
    'a setting of everybody in all databases',
    `alter role all set work_mem = '1GB'`,
    'setting',
    'everybody work_mem',
  ],
  ['an origin of replication', `select pg_replication_origin_create('more')`, 'replication origin', 'more'],
]

export const CHANGES_OF_A_LEAF = [
  'drop trigger audit_rows_are_final_as_a_whole on LEAF',
  'alter table LEAF enable replica trigger audit_rows_are_final_as_a_whole',
  'alter table LEAF enable replica trigger audit_rows_are_final',
  'alter table LEAF enable trigger audit_rows_are_final',
  'alter table LEAF disable trigger audit_rows_are_final',
  'create rule more as on insert to LEAF do instead nothing',
  'create policy more on LEAF using (true)',
  'alter table LEAF enable row level security',
  'alter table LEAF add constraint more check (id > 0)',
  'alter table LEAF set unlogged',
  'alter table LEAF set (fillfactor = 50)',
  'alter table LEAF alter request_id set storage external',
  `alter table LEAF alter request_id set default 'x'`,
  'alter table LEAF owner to hma_app',
  'grant select on LEAF to hma_app',
  'grant select (details) on LEAF to hma_app',
  'create index more on LEAF (request_id)',
]

export const HARMLESS: readonly (readonly [what: string, statement: string])[] = [
  ['figures about the data', 'analyze'],
  [
    'rows',
    `insert into reference.legal_documents (name, version, content_sha256, published_at) values ('terms', '9.9', sha256(''), now())`,
  ],
  ['the next number of a sequence', `select nextval('audit.audit_log_id')`],
  [
    'a column that is added and dropped again',
    'alter table auth.users add x int; alter table auth.users drop x',
  ],
  ['an index that is built again', 'reindex table auth.users'],
  ['the leaf of one more month', 'set local role hma_owner; select audit.ensure_partitions(4)'],
  ['a temporary table', 'create temporary table more (id int)'],
  ['a role without a right in this database', 'create role more login'],
  ['a comment on the database', inDatabase(`comment on database %I is ''x''`)],
  ['a comment on another database', `comment on database postgres is 'x'`],
  ['a setting of another database', `alter database postgres set work_mem = '1GB'`],
]

/** Comparisons that Postgres keeps as nested chains of AND and OR, and flattens when it reads them again. */
export const CHAINS = `
create table ops.chain (a int, b int, c text, constraint chain_is_settled check (a between 1 and 2 and b > 1 or (a, b, c) is distinct from (1, 2, 'x (')));
create trigger chain_changes before update on ops.chain for each row when ((old.a, old.b, old.c) is distinct from (new.a, new.b, new.c)) execute function ops.stamp_times();
create policy chain_is_seen on ops.chain using (a between 1 and 2 and b between 1 and 2 and lower(upper(c)) between 'a' and 'b');
create index chain_of_some on ops.chain (b) where a between 1 and 2 and b > 1;
create view ops.chains as select * from ops.chain where a between 1 and 2 and b > 1;
create table ops.chain_parts (a int, b int) partition by list ((a between 1 and 2 and b > 1));
create function ops.chained(yes boolean default 1 between 0 and 2 and 2 > 1) returns boolean language sql set search_path = '' as 'select yes';
create statistics ops.chain_figures on (a between 1 and 2 and b > 1), c from ops.chain;
create domain ops.chain_default as boolean default (1 between 0 and 2 and 2 > 1);`

/** Each of them is dropped and created again from what Postgres prints. */
export const CHAINS_AGAIN = `
do $$ declare t text := (select pg_get_triggerdef(oid) from pg_trigger where tgname='chain_changes'); k text := (select pg_get_constraintdef(oid) from pg_constraint where conname='chain_is_settled');
 i text := pg_get_indexdef('ops.chain_of_some'::regclass); v text := pg_get_viewdef('ops.chains'::regclass); p text := (select pg_get_expr(polqual, polrelid) from pg_policy where polname='chain_is_seen');
begin
 drop trigger chain_changes on ops.chain; execute t;
 alter table ops.chain drop constraint chain_is_settled; execute 'alter table ops.chain add constraint chain_is_settled ' || k;
 drop index ops.chain_of_some; execute i;
 execute 'create or replace view ops.chains as ' || v;
 drop policy chain_is_seen on ops.chain; execute 'create policy chain_is_seen on ops.chain using (' || p || ')';
end $$;
do $$ declare p text := pg_get_partkeydef('ops.chain_parts'::regclass); f text := pg_get_functiondef('ops.chained'::regproc);
 s text := (select pg_get_statisticsobjdef(oid) from pg_statistic_ext where stxname='chain_figures'); d text := (select typdefault from pg_type where typname='chain_default');
begin
 drop table ops.chain_parts; execute 'create table ops.chain_parts (a int, b int) partition by ' || p;
 execute f;
 drop statistics ops.chain_figures; execute s;
 execute 'alter domain ops.chain_default set default ' || d;
end $$;`
