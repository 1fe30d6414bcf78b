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
    'verification has never a finding': sql`create or replace function audit.verify(expected_head bytea default null)
      returns table (finding text, month date, seal bigint, row_id bigint) language sql stable as
      $$ select null::text, null::date, null::bigint, null::bigint where false $$`,
    'the row hash is not verified': inVerify('l.row_hash <> audit.digest(l)', 'false'),
    'only the count of a window is verified': inVerify(
      '(r.row_count, r.root) is distinct from (s.row_count, s.root)',
      'r.row_count is distinct from s.row_count',
    ),
    'the hash of a window depends on neither ids nor order': together(
      inDigest('int8send(id)', 'int8send(0)'),
      inRoot('order by l.id', 'order by audit.digest(l)'),
    ),
    'a row outside every window is not found': inVerify(
      'l.id <= (select max(s.up_to_id) from audit.audit_seal s)',
      'false',
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
  },
})
