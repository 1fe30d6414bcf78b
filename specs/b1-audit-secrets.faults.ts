import { faults, inFunction, sql } from '../harness/setup.ts'
import { replaceTrigger } from './vocabulary/schema-faults.ts'

/** `beside` is a column that is copied today. */
const copied = (column: string, table: 'users' | 'sessions', beside: string) => ({
  [`inserts and deletes copy ${column} of ${table}`]: inFunction(`audit.rows_of_auth_${table}`, [
    `'${beside}', t.${beside}`,
    `'${beside}', t.${beside}, '${column}', t.${column}`,
  ]),
})

const allowed = (column: string) => ({
  [`updates may copy ${column}`]: replaceTrigger(
    'auth.users',
    'updates_are_audited',
    'after update',
    `for each row execute function audit.capture_update('registered_on', '${column}')`,
  ),
})

export default faults({
  'B1.3.3': {
    ...copied('email', 'users', 'registered_on'),
    ...copied('password_hash', 'users', 'registered_on'),
    ...copied('date_of_birth', 'users', 'registered_on'),
    ...copied('token_hash', 'sessions', 'user_id'),
    ...allowed('email'),
    ...allowed('password_hash'),
    ...allowed('date_of_birth'),
    'inserts and deletes copy every column': inFunction('audit.rows_of_auth_users', [
      'jsonb_build_object(side, jsonb_build_object(',
      'jsonb_build_object(side, to_jsonb(t) || jsonb_build_object(',
    ]),
    'a table without named columns copies every column': inFunction('audit.watch', [
      'jsonb_build_object(side, jsonb_build_object(%s))',
      `jsonb_build_object(side, to_jsonb(t), '%s', 0)`,
    ]),
    'updates copy the old value of every column': inFunction('audit.capture_update', [
      'was -> n.key) filter (where n.key = any (may_be_copied))',
      'was -> n.key)',
    ]),
    'updates copy the new value of every column': inFunction('audit.capture_update', [
      'n.value)      filter (where n.key = any (may_be_copied))',
      'n.value)',
    ]),
    'a rejected registration records the address': inFunction('auth.register', [
      `'attempt',`,
      `'address', register.email, 'attempt',`,
    ]),
    'a rejected registration records the birth date': inFunction('auth.register', [
      `'attempt',`,
      `'born', register.date_of_birth, 'attempt',`,
    ]),
    'what is no date is recorded as it was given': inFunction('auth.register', [
      `jsonb_build_object('rule', broken_rule,`,
      `case broken_rule when 'users_have_a_birth_date' then jsonb_build_object('given', register.date_of_birth) else '{}' end
        || jsonb_build_object('rule', broken_rule,`,
    ]),
    'a request without an id gets the hash of the token for one': inFunction('auth.identify', [
      `coalesce(left(request_id, 100), '')`,
      `coalesce(left(request_id, 100), encode(token_hash, 'hex'), '')`,
    ]),
    'a registration without an id of its request gets the address for one': inFunction('auth.register', [
      `coalesce(left(request_id, 100), '')`,
      `coalesce(left(request_id, 100), email, '')`,
    ]),
    'updates of sessions are not audited': sql`drop trigger updates_are_audited on auth.sessions`,
    'a deleted user leaves the birth date': sql`select audit.unwatch('auth.users'); select audit.watch('auth.users', 'registered_on', 'date_of_birth')`,
    'an update copies the hash of the password': inFunction('audit.capture_update', [
      "filter (where n.key = any (may_be_copied)), '{}'),\n",
      "filter (where n.key = any (may_be_copied) or n.key = 'password_hash'), '{}'),\n",
    ]),
  },
})
