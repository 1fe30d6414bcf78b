-- Everything in a database that an injected statement can change, as one hash: objects, rules, privileges, numbers of written rows.
-- It is only compared with itself a moment earlier, so it may contain oids.
with facts as (
    select concat_ws('|', 'class', oid::regclass, relkind, relowner, relacl, relrowsecurity, relforcerowsecurity, reloptions, relispartition, pg_get_expr(relpartbound, oid)) as fact from pg_class
    union all select concat_ws('|', 'view', oid::regclass, pg_get_viewdef(oid)) from pg_class where relkind in ('v', 'm') and relnamespace::regnamespace::text !~ '^(pg_|information_schema)'
    union all select concat_ws('|', 'column', attrelid::regclass, attname, atttypid, attnotnull, attacl, attidentity, attgenerated, attisdropped) from pg_attribute where attnum > 0
    union all select concat_ws('|', 'default', adrelid::regclass, adnum, pg_get_expr(adbin, adrelid)) from pg_attrdef
    union all select concat_ws('|', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated) from pg_constraint
    union all select concat_ws('|', 'index', pg_get_indexdef(indexrelid), indisvalid) from pg_index
    union all select concat_ws('|', 'trigger', pg_get_triggerdef(oid), tgenabled) from pg_trigger
    union all select concat_ws('|', 'policy', polrelid::regclass, polname, polcmd, polpermissive, polroles, pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)) from pg_policy
    union all select concat_ws('|', 'function', oid::regprocedure, prosrc, prosqlbody, pronargdefaults, proargdefaults, prosecdef, provolatile, proleakproof, proconfig, proacl, proowner) from pg_proc
    union all select concat_ws('|', 'type', oid::regtype, typacl, typowner, typnotnull) from pg_type
    union all select concat_ws('|', 'label', enumtypid, enumlabel, enumsortorder) from pg_enum
    union all select concat_ws('|', 'schema', nspname, nspowner, nspacl) from pg_namespace
    union all select concat_ws('|', 'language', lanname, lanacl) from pg_language
    union all select concat_ws('|', 'parameter', parname, paracl) from pg_parameter_acl
    union all select concat_ws('|', 'default privilege', defaclrole, defaclnamespace, defaclobjtype, defaclacl) from pg_default_acl
    union all select concat_ws('|', 'database', datname, datacl, datdba) from pg_database where datname = current_database()
    union all select concat_ws('|', 'setting', setdatabase, setrole, setconfig) from pg_db_role_setting where setdatabase <> 0
    union all select concat_ws('|', 'event trigger', evtname, evtevent, evtenabled, evttags) from pg_event_trigger
    union all select concat_ws('|', 'extension', extname, extversion) from pg_extension
    union all select concat_ws('|', 'written rows', relid, n_tup_ins, n_tup_upd, n_tup_del) from pg_stat_user_tables
    union all select concat_ws('|', 'sequence', seqrelid::regclass, seqstart, seqincrement, seqmax, seqmin, seqcache, seqcycle, pg_sequence_last_value(seqrelid)) from pg_sequence
    union all select concat_ws('|', 'comment', objoid, classoid, objsubid, description) from pg_description
)
select md5(string_agg(fact, e'\n' order by fact)) as hash from facts
