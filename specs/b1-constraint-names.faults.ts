import { faults, inFunction, sql } from '../harness/setup.ts'

export default faults({
  'B1.1.9': {
    'a check has a generated name': sql`alter table auth.users add check (length(password_hash) > 0)`,
    'a unique constraint has a generated name': sql`alter table reference.legal_documents add unique (content_sha256)`,
    'a foreign key has a generated name': sql`alter table ops.secret add column user_id uuid references auth.users (id)`,
    'a unique index has a generated name': sql`create unique index on reference.legal_documents (content_sha256)`,
    'a check of a domain has a generated name': sql`create domain auth.token as bytea check (octet_length(value) = 32)`,
    'the primary key of a new table has a generated name': sql`create table ml.later (id integer primary key)`,
    'a name is a code': sql`alter table auth.users rename constraint users_are_adults to ck_17`,
    'the primary key of a new leaf has a generated name': inFunction('audit.create_leaf', [
      `replace(leaf, 'audit_log', 'audit_rows_have_an_id')`,
      `leaf || '_pkey'`,
    ]),
    'two tables use the same name': sql`alter table auth.sessions add constraint users_are_adults check (started_at > '-infinity')`,
    'a function raises without a constraint name': inFunction('ops.refuse_change', [
      'constraint = tg_name,',
      '',
    ]),
    'a trigger raises before the constraint is checked': sql`create function auth.check_password() returns trigger language plpgsql as $$ begin
        if new.password_hash = '' then raise sqlstate '23514'; end if; return new; end $$;
      create trigger passwords_are_checked before update on auth.users for each row execute function auth.check_password()`,
    'a trigger raises under the name of a condition before the constraint is checked': sql`create function ops.check_name() returns trigger language plpgsql set search_path = '' as
        $$ begin if new.name !~ '^[a-z][a-z-]+$' then raise check_violation using message = 'bad name'; end if; return new; end $$;
      create trigger documents_are_checked_first before insert on reference.legal_documents for each row execute function ops.check_name()`,
    'a rule of a table that only jobs write is never broken': sql`alter table audit.audit_seal drop constraint seals_cover_rows;
      alter table audit.audit_seal add constraint seals_cover_rows check (row_count >= 0)`,
    'a document may have no hash': sql`alter table reference.legal_documents alter column content_sha256 drop not null`,
    'an audit row may have no hash': sql`alter table audit.audit_log alter column row_hash drop not null`,
    'the name of who removed a month may be missing': sql`alter table audit.audit_removal alter column removed_by drop not null`,
    'register returns more than the name': inFunction('auth.register', [
      ' else broken_rule end',
      ` else 'broken: ' || broken_rule end`,
    ]),
    'a constraint of the registry has a name that Postgres chose': sql`alter table ml.model add check (artefact_size > -1)`,
    'a foreign key has no chosen name': sql`alter table auth.sessions rename constraint sessions_belong_to_a_user to sessions_user_id_fkey`,
  },
})
