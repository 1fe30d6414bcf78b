import { faults, inFunction, sql } from '../harness/setup.ts'

export default faults({
  'B1.1.9': {
    'a check has no name of its own': sql`alter table auth.users add check (length(password_hash) > 0)`,
    'a key has no name of its own': sql`alter table reference.legal_documents add unique (content_sha256)`,
    'a reference has no name of its own': sql`alter table ops.secret add column user_id uuid references auth.users (id)`,
    'a unique index has no name of its own': sql`create unique index on reference.legal_documents (content_sha256)`,
    'a domain’s rule has no name of its own': sql`create domain auth.token as bytea check (octet_length(value) = 32)`,
    'a table that comes later has a key without a name': sql`create table ml.later (id integer primary key)`,
    'a name is a number': sql`alter table auth.users rename constraint users_are_adults to ck_17`,
    'a month of the audit log leaves its key nameless': inFunction('audit.create_leaf', [
      `replace(leaf, 'audit_log', 'audit_rows_have_an_id')`,
      `leaf || '_pkey'`,
    ]),
    'two tables share a name': sql`alter table auth.sessions add constraint users_are_adults check (started_at > '-infinity')`,
    'a function refuses without a name': inFunction('ops.refuse_change', ['constraint = tg_name,', '']),
    'code refuses before the rule does': sql`create function auth.look_first() returns trigger language plpgsql as $$ begin
        if new.password_hash = '' then raise sqlstate '23514'; end if; return new; end $$;
      create trigger passwords_are_looked_at before update on auth.users for each row execute function auth.look_first()`,
    'an answer says more than the name': inFunction('auth.register', [
      ' else broken_rule end',
      ` else 'broken: ' || broken_rule end`,
    ]),
  },
})
