import { faults, inFunction, sql, together } from '../harness/setup.ts'

const DIGEST = 'audit.digest(bytea,bigint,uuid,jsonb)'
const IN_UTC = ` SET "TimeZone" TO 'UTC'\n`
const SHARED = 'jsonb_build_array(action, entity, actor_id, actor_role, request_id, transaction_id)'

const notHashed = (column: string, plant: ReturnType<typeof inFunction>) => ({
  criterion: 'B1.2.7',
  breaks: `the digest leaves out ${column}`,
  plant,
})

export default faults([
  notHashed('the number', inFunction(DIGEST, ['int8send(id)', 'int8send(0)'])),
  notHashed('the time', inFunction('audit.circumstances', ['timestamptz_send(occurred_at)', `'\\x'::bytea`])),
  notHashed(
    'the microseconds',
    inFunction('audit.circumstances', ['(occurred_at)', `(date_trunc('milliseconds', occurred_at))`]),
  ),
  notHashed('the action', inFunction('audit.circumstances', [SHARED, SHARED.replace('action, ', '')])),
  notHashed('the table', inFunction('audit.circumstances', [SHARED, SHARED.replace('entity, ', '')])),
  notHashed('the row’s id', inFunction(DIGEST, ['uuid_send(entity_id)', `''::bytea`])),
  notHashed('the actor', inFunction('audit.circumstances', [SHARED, SHARED.replace('actor_id, ', '')])),
  notHashed('the login', inFunction('audit.circumstances', [SHARED, SHARED.replace('actor_role, ', '')])),
  notHashed('the request', inFunction('audit.circumstances', [SHARED, SHARED.replace('request_id, ', '')])),
  notHashed(
    'the transaction',
    inFunction('audit.circumstances', [SHARED, SHARED.replace(', transaction_id', '')]),
  ),
  notHashed('the details', inFunction(DIGEST, [`convert_to((details)::text, 'UTF8'::name)`, `'\\x'::bytea`])),
  {
    criterion: 'B1.2.7',
    breaks: 'the digest reads time in the time zone of the session',
    plant: together(
      inFunction('audit.circumstances', [
        'timestamptz_send(occurred_at)',
        `convert_to(occurred_at::text, 'UTF8')`,
      ]),
      inFunction('audit.verify', [IN_UTC, '']),
    ),
  },
  {
    criterion: 'B1.2.7',
    breaks: 'the auditor’s time zone decides what a month is',
    plant: together(inFunction('audit.verify', [IN_UTC, '']), inFunction('audit.root_of', [IN_UTC, ''])),
  },
  {
    criterion: 'B1.2.7',
    breaks: 'verification finds nothing, ever',
    plant: sql`create or replace function audit.verify(expected_head bytea default null)
      returns table (finding text, month date, seal bigint, row_id bigint) language sql stable as
      $$ select null::text, null::date, null::bigint, null::bigint where false $$`,
  },
  {
    criterion: 'B1.2.7',
    breaks: 'a row’s own hash is not looked at',
    plant: inFunction('audit.verify', ['l.row_hash <> audit.digest(l)', 'false']),
  },
  {
    criterion: 'B1.2.7',
    breaks: 'a window is only counted',
    plant: inFunction('audit.verify', [
      '(r.row_count, r.root) is distinct from (s.row_count, s.root)',
      'r.row_count is distinct from s.row_count',
    ]),
  },
  {
    criterion: 'B1.2.7',
    breaks: 'the hash of a window knows neither numbers nor order',
    plant: together(
      inFunction(DIGEST, ['int8send(id)', 'int8send(0)']),
      inFunction('audit.root_of', ['order by l.id', 'order by audit.digest(l)']),
    ),
  },
  {
    criterion: 'B1.2.7',
    breaks: 'a row outside of every window is let pass',
    plant: inFunction('audit.verify', ['l.id <= (select max(s.up_to_id) from audit.audit_seal s)', 'false']),
  },
  {
    criterion: 'B1.2.7',
    breaks: 'seals hang together by nothing',
    plant: together(inFunction('audit.chain_of', [`COALESCE(before, '\\x'::bytea)`, `'\\x'::bytea`])),
  },
  {
    criterion: 'B1.2.7',
    breaks: 'a seal’s count can be edited',
    plant: inFunction('audit.chain_of', ['int8send((seal).row_count)', 'int8send(0)']),
  },
  {
    criterion: 'B1.2.7',
    breaks: 'a seal can be dated back',
    plant: inFunction('audit.chain_of', ['timestamptz_send((seal).sealed_at)', `'\\x'::bytea`]),
  },
  {
    criterion: 'B1.2.7',
    breaks: 'the chain is never reckoned again',
    plant: inFunction('audit.verify', ['s.chain <> audit.chain_of(s.before, s.link)', 'false']),
  },
  {
    criterion: 'B1.2.7',
    breaks: 'any head will do',
    plant: inFunction('audit.verify', ['where s.chain = expected_head', '']),
  },
  {
    criterion: 'B1.2.7',
    breaks: 'a record of removal is believed whatever it says',
    plant: inFunction('audit.verify', [
      '(r.row_count, r.root) is distinct from (m.row_count, m.root)',
      'false',
    ]),
  },
  {
    criterion: 'B1.2.7',
    breaks: 'a month of any age may be recorded as removed',
    plant: inFunction('audit.verify', [`m.removed_at < m.month + interval '13 months'`, 'false']),
  },
  {
    criterion: 'B1.2.7',
    breaks: 'a removal may be dated into the future',
    plant: inFunction('audit.verify', ['m.removed_at > clock_timestamp()', 'false']),
  },
  {
    criterion: 'B1.2.7',
    breaks: 'the last row of a window is not sealed',
    plant: inFunction('audit.root_of', ['l.id <= root_of.up_to_id', 'l.id < root_of.up_to_id']),
  },
])
