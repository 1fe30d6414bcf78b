import { faults, sql } from '../harness/setup.ts'
import { rewrite } from './vocabulary/functions.ts'

export default faults([
  {
    criterion: 'B1.1.9',
    breaks: 'a check has no name of its own',
    plant: sql`alter table auth.users add check (length(password_hash) > 0)`,
  },
  {
    criterion: 'B1.1.9',
    breaks: 'a key has no name of its own',
    plant: sql`alter table reference.legal_documents add unique (content_sha256)`,
  },
  {
    criterion: 'B1.1.9',
    breaks: 'a reference has no name of its own',
    plant: sql`alter table ops.secret add column user_id uuid references auth.users (id)`,
  },
  {
    criterion: 'B1.1.9',
    breaks: 'a unique index has no name of its own',
    plant: sql`create unique index on reference.legal_documents (content_sha256)`,
  },
  {
    criterion: 'B1.1.9',
    breaks: 'a domain’s rule has no name of its own',
    plant: sql`create domain auth.token as bytea check (octet_length(value) = 32)`,
  },
  {
    criterion: 'B1.1.9',
    breaks: 'a table that comes later has a key without a name',
    plant: sql`create table ml.later (id integer primary key)`,
  },
  {
    criterion: 'B1.1.9',
    breaks: 'a name is a number',
    plant: sql`alter table auth.users rename constraint users_are_adults to ck_17`,
  },
  {
    criterion: 'B1.1.9',
    breaks: 'a month of the audit log leaves its key nameless',
    plant: rewrite(
      'audit.create_leaf(date)',
      `replace(leaf, 'audit_log', 'audit_rows_have_an_id')`,
      `leaf || '_pkey'`,
    ),
  },
  {
    criterion: 'B1.1.9',
    breaks: 'two tables share a name',
    plant: sql`alter table auth.sessions add constraint users_are_adults check (started_at > '-infinity')`,
  },
  {
    criterion: 'B1.1.9',
    breaks: 'a function refuses without a name',
    plant: rewrite('ops.refuse_change()', 'constraint = tg_name,', ''),
  },
  {
    criterion: 'B1.1.9',
    breaks: 'code refuses before the rule does',
    plant: sql`create function auth.look_first() returns trigger language plpgsql as $$ begin
        if new.password_hash = '' then raise sqlstate '23514'; end if; return new; end $$;
      create trigger passwords_are_looked_at before update on auth.users for each row execute function auth.look_first()`,
  },
  {
    criterion: 'B1.1.9',
    breaks: 'an answer says more than the name',
    plant: rewrite(
      'auth.register(text, text, date, text)',
      ' else broken_rule end',
      ` else 'broken: ' || broken_rule end`,
    ),
  },
])
