import { faults, inFunction, sql, together } from '../harness/setup.ts'

const DIGEST = 'audit.digest(bytea,bigint,uuid,jsonb)'
const IN_UTC = ` SET "TimeZone" TO 'UTC'\n`

const inDigest = (find: string, replace: string) => inFunction(DIGEST, [find, replace])
const inCircumstances = (find: string, replace: string) => inFunction('audit.circumstances', [find, replace])
const inVerify = (find: string, replace: string) => inFunction('audit.verify', [find, replace])
const inRoot = (find: string, replace: string) => inFunction('audit.root_of', [find, replace])

const HASHED = ['action', 'entity', 'actor_id', 'actor_role', 'request_id', 'transaction_id']
const hashOf = (columns: string[]) => `jsonb_build_array(${columns.join(', ')})`

/** One fault for each column that the digest takes from the circumstances of a row. */
const leftOutOfTheDigest = Object.fromEntries(
  HASHED.map((left) => [
    `the digest leaves out ${left}`,
    inCircumstances(hashOf(HASHED), hashOf(HASHED.filter((column) => column !== left))),
  ]),
)

export default faults({
  'B1.2.7': {
    ...leftOutOfTheDigest,
    'the digest leaves out id': inDigest('int8send(id)', 'int8send(0)'),
    'the digest leaves out entity_id': inDigest('uuid_send(entity_id)', `''::bytea`),
    'the digest leaves out details': inDigest(`convert_to((details)::text, 'UTF8'::name)`, `'\\x'::bytea`),
    'the digest leaves out a column that a later migration added': sql`alter table audit.audit_log add column note text`,
    'the digest leaves out occurred_at': inCircumstances('timestamptz_send(occurred_at)', `'\\x'::bytea`),
    'the digest leaves out the microseconds': inCircumstances(
      '(occurred_at)',
      `(date_trunc('milliseconds', occurred_at))`,
    ),
    'the digest depends on the time zone of the session': together(
      inCircumstances('timestamptz_send(occurred_at)', `convert_to(occurred_at::text, 'UTF8')`),
      inVerify(IN_UTC, ''),
    ),
    'the month of a row depends on the time zone of the session': together(
      inVerify(IN_UTC, ''),
      inRoot(IN_UTC, ''),
    ),
    'the owner can insert rows': sql`drop trigger audit_rows_are_captured on audit.audit_log`,
    'the role of the audit is not checked': sql`drop trigger audit_rows_are_captured on audit.audit_log;
      create trigger audit_rows_are_captured before insert on audit.audit_log
        for each row when (current_user <> 'hma_audit_writer') execute function audit.refuse_forged_row()`,
    'the role of the audit can insert anything': inFunction('audit.refuse_forged_row', [
      `and new.action in ('registration_rejected', 'registration_repeated')
           and new.actor_id is null and new.entity_id is null`,
      'and true',
    ]),
    'a rejected registration may name another login': inFunction('audit.refuse_forged_row', [
      'new.actor_role = session_user',
      'true',
    ]),
    'a rejected registration may have any time': inFunction('audit.refuse_forged_row', [
      'new.occurred_at between now() and clock_timestamp()',
      'true',
    ]),
    'a restore cannot insert rows': inFunction('audit.refuse_forged_row', [
      '(select r.rolsuper from pg_catalog.pg_roles r where r.rolname = current_user)',
      'false',
    ]),
    'texts run into each other in the digest': inCircumstances(
      `convert_to((${hashOf(HASHED)})::text, 'UTF8'::name)`,
      `convert_to(concat_ws('', ${HASHED.join(', ')}), 'UTF8')`,
    ),
    'nothing is missing where there is no seal': inVerify(
      'where expected_head is not null',
      'where expected_head is not null and exists (select from audit.audit_seal)',
    ),
    'verification has never a finding': sql`create or replace function audit.verify(expected_head bytea default null)
      returns table (finding text, month date, seal bigint, row_id bigint) language sql stable as
      $$ select null::text, null::date, null::bigint, null::bigint where false $$`,
    'the row hash of unsealed rows is not verified': inVerify(
      '(o.entry).row_hash <> audit.digest(o.entry)',
      'false',
    ),
    'the row hash of sealed rows is not verified': inRoot('l.row_hash <> d.digest', 'false'),
    'of the altered rows of a window only one is listed': inVerify(
      'unnest(found_now.altered)',
      'unnest(found_now.altered[1:1])',
    ),
    'only the count of a window is verified': inVerify(
      '(found_now.row_count, found_now.root) is distinct from (sealed.row_count, sealed.root)',
      'found_now.row_count is distinct from sealed.row_count',
    ),
    'the hash of a window depends on neither ids nor order': together(
      inDigest('int8send(id)', 'int8send(0)'),
      inRoot('order by l.id', 'order by d.digest'),
    ),
    'a row outside every window is not found': inVerify(
      'o.id <= (select max(s.up_to_id) from audit.audit_seal s)',
      'false',
    ),
    'a row that is inserted into a month which retention removed is not found': inVerify(
      'or exists (select from audit.audit_removal r where r.month = m.month)',
      '',
    ),
    'count and hash of a removal are not verified': inVerify(
      '(r.row_count, r.root) is distinct from (m.row_count, m.root)',
      'false',
    ),
    'the age of a removed month is not verified': inVerify(
      `m.removed_at < m.month + interval '13 months'`,
      'false',
    ),
    'a removal with a date in the future is accepted': inVerify('m.removed_at > clock_timestamp()', 'false'),
    'times count by the second': inFunction('audit.circumstances', [
      'timestamptz_send(occurred_at)',
      "timestamptz_send(date_trunc('second', occurred_at))",
    ]),
    'the role that acted is not hashed': inFunction('audit.circumstances', [
      'actor_role, request_id',
      'request_id',
    ]),
    'a seal can be redated': sql`create or replace function audit.chain_of(before bytea, seal audit.audit_seal) returns bytea language sql immutable return sha256(coalesce(before, ''::bytea) || int8send(seal.number) || date_send(seal.month) || int8send(seal.after_id) || int8send(seal.up_to_id) || int8send(seal.row_count) || seal.root)`,
    'only the first altered row of a block is told': inFunction('audit.root_of', [
      "string_agg(l.id::text, ',' order by l.id) filter (where l.row_hash <> d.digest)",
      '(min(l.id) filter (where l.row_hash <> d.digest))::text',
    ]),
    'rows older than a year are not looked at': inFunction('audit.verify', [
      'order by s.number',
      "and s.month > now() - interval '1 year' order by s.number",
    ]),
  },
})
