import { faults, inFunction, sql, together } from '../harness/setup.ts'

export default faults({
  'B1.2.4': {
    'a default partition takes what has no month': sql`create table audit.audit_log_rest partition of audit.audit_log default`,
    'nothing asks for the month, and Postgres answers without a name': inFunction('audit.require_month', [
      'not audit.has_month(moment)',
      'false',
    ]),
    'the error does not say which month': inFunction('audit.require_month', [
      'table = audit.leaf_of(moment)',
      `table = 'audit_log'`,
    ]),
    'an error in the capture is swallowed': together(
      inFunction('audit.require_month', ['not audit.has_month(moment)', 'false']),
      inFunction('audit.rows_of_auth_users', [
        'return null;',
        'return null;\nexception when others then return null;',
      ]),
      inFunction('audit.capture_update', [
        'return null;',
        'return null;\nexception when others then return null;',
      ]),
    ),
    'registration takes a missing month for an answer': inFunction('auth.register', [
      'when check_violation or',
      `when object_not_in_prerequisite_state then return 'accepted';\n        when check_violation or`,
    ]),
    'a detached leaf passes for a month': inFunction(
      'audit.has_month',
      ['pg_partition_root(', '('],
      [`= ('audit.audit_log'::regclass)::oid`, 'is not null'],
    ),
    'the helper must record the month it makes before it is there': inFunction('audit.record_ddl', [
      'and not audit.has_month(clock_timestamp())',
      'and false',
    ]),
  },
})
