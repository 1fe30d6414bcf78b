import { faults, inFunction, sql, together } from '../harness/setup.ts'

const DIGEST = 'audit.digest(bytea,bigint,uuid,jsonb)'
const IN_UTC = ` SET "TimeZone" TO 'UTC'\n`
const SHARED = 'jsonb_build_array(action, entity, actor_id, actor_role, request_id, transaction_id)'

const notHashed = (column: string, plant: ReturnType<typeof inFunction>) => ({
  [`the digest leaves out ${column}`]: plant,
})

export default faults({
  'B1.2.7': {
    ...notHashed('the number', inFunction(DIGEST, ['int8send(id)', 'int8send(0)'])),
    ...notHashed(
      'the time',
      inFunction('audit.circumstances', ['timestamptz_send(occurred_at)', `'\\x'::bytea`]),
    ),
    ...notHashed(
      'the microseconds',
      inFunction('audit.circumstances', ['(occurred_at)', `(date_trunc('milliseconds', occurred_at))`]),
    ),
    ...notHashed('the action', inFunction('audit.circumstances', [SHARED, SHARED.replace('action, ', '')])),
    ...notHashed('the table', inFunction('audit.circumstances', [SHARED, SHARED.replace('entity, ', '')])),
    ...notHashed('the row’s id', inFunction(DIGEST, ['uuid_send(entity_id)', `''::bytea`])),
    ...notHashed('the actor', inFunction('audit.circumstances', [SHARED, SHARED.replace('actor_id, ', '')])),
    ...notHashed(
      'the login',
      inFunction('audit.circumstances', [SHARED, SHARED.replace('actor_role, ', '')]),
    ),
    ...notHashed(
      'the request',
      inFunction('audit.circumstances', [SHARED, SHARED.replace('request_id, ', '')]),
    ),
    ...notHashed(
      'the transaction',
      inFunction('audit.circumstances', [SHARED, SHARED.replace(', transaction_id', '')]),
    ),
    ...notHashed(
      'the details',
      inFunction(DIGEST, [`convert_to((details)::text, 'UTF8'::name)`, `'\\x'::bytea`]),
    ),
    'the digest reads time in the time zone of the session': together(
      inFunction('audit.circumstances', [
        'timestamptz_send(occurred_at)',
        `convert_to(occurred_at::text, 'UTF8')`,
      ]),
      inFunction('audit.verify', [IN_UTC, '']),
    ),
    'the auditor’s time zone decides what a month is': together(
      inFunction('audit.verify', [IN_UTC, '']),
      inFunction('audit.root_of', [IN_UTC, '']),
    ),
    'verification finds nothing, ever': sql`create or replace function audit.verify(expected_head bytea default null)
      returns table (finding text, month date, seal bigint, row_id bigint) language sql stable as
      $$ select null::text, null::date, null::bigint, null::bigint where false $$`,
    'a row’s own hash is not looked at': inFunction('audit.verify', [
      'l.row_hash <> audit.digest(l)',
      'false',
    ]),
    'a window is only counted': inFunction('audit.verify', [
      '(r.row_count, r.root) is distinct from (s.row_count, s.root)',
      'r.row_count is distinct from s.row_count',
    ]),
    'the hash of a window knows neither numbers nor order': together(
      inFunction(DIGEST, ['int8send(id)', 'int8send(0)']),
      inFunction('audit.root_of', ['order by l.id', 'order by audit.digest(l)']),
    ),
    'a row outside of every window is let pass': inFunction('audit.verify', [
      'l.id <= (select max(s.up_to_id) from audit.audit_seal s)',
      'false',
    ]),
    'seals hang together by nothing': together(
      inFunction('audit.chain_of', [`COALESCE(before, '\\x'::bytea)`, `'\\x'::bytea`]),
    ),
    'a seal’s count can be edited': inFunction('audit.chain_of', [
      'int8send((seal).row_count)',
      'int8send(0)',
    ]),
    'a seal can be dated back': inFunction('audit.chain_of', [
      'timestamptz_send((seal).sealed_at)',
      `'\\x'::bytea`,
    ]),
    'the chain is never reckoned again': inFunction('audit.verify', [
      's.chain <> audit.chain_of(s.before, s.link)',
      'false',
    ]),
    'any head will do': inFunction('audit.verify', ['where s.chain = expected_head', '']),
    'a record of removal is believed whatever it says': inFunction('audit.verify', [
      '(r.row_count, r.root) is distinct from (m.row_count, m.root)',
      'false',
    ]),
    'a month of any age may be recorded as removed': inFunction('audit.verify', [
      `m.removed_at < m.month + interval '13 months'`,
      'false',
    ]),
    'a removal may be dated into the future': inFunction('audit.verify', [
      'm.removed_at > clock_timestamp()',
      'false',
    ]),
    'the last row of a window is not sealed': inFunction('audit.root_of', [
      'l.id <= root_of.up_to_id',
      'l.id < root_of.up_to_id',
    ]),
  },
})
