// For every rule a statement that breaks it, on a database that `fillDatabase` filled. A migration that adds a rule adds its statement here.
import type { Session } from '../../harness/index.ts'
import { errorOf } from './errors.ts'

const OTHER_ID = '00000000-0000-4000-8000-00000000dead'
const SHORT = '\\x00'

/** Inserts a row once more, with other values in some columns. */
const again = (table: string, values: Record<string, unknown> = {}) =>
  `insert into ${table} overriding system value
   select (jsonb_populate_record(r, '${JSON.stringify(values)}')).* from ${table} r limit 1`

const inReplicaMode = (statement: string) =>
  `set local session_replication_role = replica; ${statement}; set local session_replication_role = origin`

const OF_USERS = {
  users_have_an_id: again('auth.users'),
  users_have_an_email: again('auth.users', { email: 'ada' }),
  emails_have_one_spelling: again('auth.users', { email: 'k\u0131m@example.org' }),
  users_have_a_password: again('auth.users', { password_hash: '' }),
  users_are_adults: again('auth.users', { date_of_birth: '2020-01-01' }),
  users_are_of_an_age: again('auth.users', { date_of_birth: '1800-01-01' }),
  users_register_by_today: again('auth.users', { date_of_birth: '2900-01-01', registered_on: '2999-01-01' }),
  users_own_their_email: again('auth.users', { id: OTHER_ID }),
  transactions_have_one_user: `select auth.identify(sha256('of ada')); select auth.identify(sha256('of alan'))`,
}

const OF_SESSIONS = {
  sessions_have_an_id: again('auth.sessions'),
  sessions_belong_to_a_user: again('auth.sessions', {
    id: OTHER_ID,
    user_id: OTHER_ID,
    token_hash: `\\x${'11'.repeat(32)}`,
  }),
  sessions_store_a_hash: again('auth.sessions', { token_hash: SHORT }),
  tokens_open_one_session: again('auth.sessions', { id: OTHER_ID }),
  sessions_expire_after_they_start: again('auth.sessions', { expires_at: '2000-01-01' }),
  sessions_last_30_days_at_most: again('auth.sessions', { expires_at: '2999-01-01' }),
  sessions_end_after_they_start: again('auth.sessions', { ended_at: '2000-01-01' }),
  sessions_stay_what_they_are: 'update auth.sessions set id = gen_random_uuid()',
  sessions_end_once: 'update auth.sessions set ended_at = null where ended_at is not null',
  sessions_have_a_lifetime: `select auth.start_session('${OTHER_ID}', sha256('x'), 'for ever')`,
}

const OF_DOCUMENTS = {
  documents_have_an_id: again('reference.legal_documents'),
  documents_have_a_name: again('reference.legal_documents', { name: 'Terms' }),
  documents_have_a_version: again('reference.legal_documents', { version: '' }),
  document_versions_are_published_once: again('reference.legal_documents', { id: OTHER_ID }),
  documents_are_hashed: again('reference.legal_documents', { content_sha256: SHORT }),
  published_documents_are_final: 'delete from reference.legal_documents',
  published_documents_are_final_as_a_whole: 'truncate reference.legal_documents cascade',
  acceptances_have_an_id: again('auth.legal_acceptance'),
  acceptances_belong_to_a_user: again('auth.legal_acceptance', { id: OTHER_ID, user_id: OTHER_ID }),
  acceptances_name_a_published_document: again('auth.legal_acceptance', {
    id: OTHER_ID,
    document_id: OTHER_ID,
  }),
  documents_are_accepted_once: again('auth.legal_acceptance', { id: OTHER_ID }),
  acceptances_are_final: 'update auth.legal_acceptance set accepted_at = now()',
  acceptances_follow_publication: again('auth.legal_acceptance', { accepted_at: '2000-01-01' }),
}

const OF_MODELS = {
  models_have_each_version_once: again('ml.model'),
  models_have_a_plain_name: again('ml.model', { name: 'Model' }),
  models_are_numbered: again('ml.model', { version: 'new' }),
  models_have_a_plain_task: again('ml.model', { task: 'Task' }),
  models_are_described_briefly: again('ml.model', { description: '' }),
  models_have_one_production_version: `update ml.model set stage = 'production';
    ${again('ml.model', { version: '9.9.9' })}`,
  artefacts_have_a_plain_address: again('ml.model', { artefact_uri: 'model' }),
  artefacts_have_a_whole_hash: again('ml.model', { artefact_sha256: SHORT }),
  artefacts_have_a_size: again('ml.model', { artefact_size: 0 }),
  artefacts_are_immutable: 'update ml.model set artefact_size = artefact_size + 1',
  artefacts_are_kept: 'delete from ml.model',
}

const OF_AUDIT = {
  audit_actions_are_known: again('audit.audit_log', { action: 'look' }),
  audit_rows_carry_their_hash: again('audit.audit_log', { row_hash: SHORT }),
  audit_requests_are_short: again('audit.audit_log', { request_id: 'x'.repeat(101) }),
  audit_rows_are_captured: `set local role hma_owner;
    insert into audit.audit_log (action, entity, row_hash) values ('insert', 'auth.users', sha256(''))`,
  audit_rows_are_final: 'delete from audit.audit_log',
  audit_rows_are_final_as_a_whole: 'truncate audit.audit_log',
  audit_rows_are_written: `create rule discard as on insert to audit.audit_log do instead nothing;
    select audit.append('insert', 'auth.users', null, null, '{}')`,
  audit_months_are_prepared: `select audit.require_month('1999-01-01')`,
  months_ahead_are_0_to_120: 'select audit.ensure_partitions(121)',
  watched_tables_have_their_columns: `select audit.watch('auth.users', 'nothing')`,
  seals_are_numbered: again('audit.audit_seal'),
  seals_cover_a_window: again('audit.audit_seal', { after_id: 1, up_to_id: 1 }),
  seals_cover_rows: again('audit.audit_seal', { row_count: 0 }),
  windows_are_sealed_once: again('audit.audit_seal', { number: 1000 }),
  seals_are_hashes: again('audit.audit_seal', { root: SHORT }),
  seals_are_final: 'delete from audit.audit_seal',
  seals_are_final_as_a_whole: 'truncate audit.audit_seal',
  seals_see_what_is_committed: 'set transaction isolation level repeatable read; select audit.seal()',
  months_are_removed_once: again('audit.audit_removal'),
  removals_are_counted: again('audit.audit_removal', { row_count: -1 }),
  removals_leave_a_hash: again('audit.audit_removal', { root: SHORT }),
  removals_are_final: 'delete from audit.audit_removal',
  removals_are_final_as_a_whole: 'truncate audit.audit_removal',
  audit_is_kept_for_a_year: 'select audit.remove_expired(11)',
  months_are_removed_intact: `select audit.create_leaf('2020-02-01');
    insert into audit.audit_log (occurred_at, action, entity, row_hash) values ('2020-02-02 00:00Z', 'insert', 'auth.users', sha256(''));
    select audit.remove_expired()`,
}

const OF_OPERATIONS = {
  secrets_are_named: again('ops.secret'),
  secrets_are_long: again('ops.secret', { value: SHORT }),
  there_is_one_environment: again('ops.environment'),
  environments_have_one_row: again('ops.environment', { only_row: false }),
  environments_are_known: again('ops.environment', { name: 'another' }),
  the_environment_is_kept: 'delete from ops.environment',
  production_starts_as_production: `update ops.environment set name = 'production'`,
  production_stays_production: `${inReplicaMode(`update ops.environment set name = 'production'`)};
    update ops.environment set name = 'test'`,
  production_stays_production_as_a_whole: 'truncate ops.environment',
  production_has_no_test_users: `${inReplicaMode('delete from ops.environment')};
    insert into ops.environment (name) values ('production')`,
  migrations_are_ordered: again('ops.schema_migration'),
  migrations_are_applied_once: again('ops.schema_migration', { position: 1000 }),
  migrations_start_then_end: again('ops.schema_migration', { state: 'lost' }),
  objects_are_recorded_once: again('ops.schema_state'),
  drift_is_recorded_once: `insert into ops.schema_drift values ('table', 'x', null, 'y'), ('table', 'x', null, 'y')`,
  drift_is_a_difference: `insert into ops.schema_drift values ('table', 'x', 'y', 'y')`,
  there_is_one_prelude: again('guard.prelude'),
  preludes_have_one_row: again('guard.prelude', { only_row: false }),
  ddl_is_numbered: again('guard.ddl_log'),
  the_owner_changes_the_schema: 'set local session authorization hma_app; create table auth.trial ()',
  rules_swallow_no_rows: `set local session authorization hma_migrator; set local role hma_owner;
    create rule discard as on insert to audit.audit_log do instead nothing`,
  no_rows_arrive_unaudited: `create subscription elsewhere connection 'host=elsewhere' publication users with (connect = false)`,
}

const PROVOCATIONS: Record<string, string> = {
  ...OF_USERS,
  ...OF_SESSIONS,
  ...OF_DOCUMENTS,
  ...OF_MODELS,
  ...OF_AUDIT,
  ...OF_OPERATIONS,
}

/** For each rule the name that a superuser gets who breaks it. Nothing stays changed. */
export async function namesOfBrokenRules(db: Session): Promise<Record<string, string | undefined>> {
  const names: Record<string, string | undefined> = {}
  for (const [rule, statements] of Object.entries(PROVOCATIONS)) {
    names[rule] = (await errorOf(db.query(`begin; ${statements}`)))?.rule
    await db.query('rollback')
  }
  return names
}
