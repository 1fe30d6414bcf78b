import { faults, inFunction, sql, together } from '../harness/setup.ts'

export default faults([
  {
    criterion: 'B1.2.4',
    breaks: 'a default partition takes what has no month',
    plant: sql`create table audit.audit_log_rest partition of audit.audit_log default`,
  },
  {
    criterion: 'B1.2.4',
    breaks: 'nothing asks for the month, and Postgres answers without a name',
    plant: inFunction('audit.require_month', ['not audit.has_month(moment)', 'false']),
  },
  {
    criterion: 'B1.2.4',
    breaks: 'the error does not say which month',
    plant: inFunction('audit.require_month', ['table = audit.leaf_of(moment)', `table = 'audit_log'`]),
  },
  {
    criterion: 'B1.2.4',
    breaks: 'an error in the capture is swallowed',
    plant: together(
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
  },
  {
    criterion: 'B1.2.4',
    breaks: 'registration takes a missing month for an answer',
    plant: inFunction('auth.register', [
      'when check_violation or',
      `when object_not_in_prerequisite_state then return 'accepted';\n        when check_violation or`,
    ]),
  },
  {
    criterion: 'B1.2.4',
    breaks: 'a detached leaf passes for a month',
    plant: inFunction(
      'audit.has_month',
      ['pg_partition_root(', '('],
      [`= ('audit.audit_log'::regclass)::oid`, 'is not null'],
    ),
  },
  {
    criterion: 'B1.2.4',
    breaks: 'the helper must record the month it makes before it is there',
    plant: inFunction('audit.record_ddl', ['and not audit.has_month(clock_timestamp())', 'and false']),
  },
])
