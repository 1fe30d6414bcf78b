import { faults, inFunction, sql, together } from '../harness/setup.ts'

const ignoreErrors = (name: string) =>
  inFunction(name, ['return null;', 'return null;\nexception when others then return null;'])

const noCheck = inFunction('audit.require_month', ['not audit.has_month(moment)', 'false'])

export default faults({
  'B1.2.4': {
    'a default partition accepts rows of any month': sql`create table audit.audit_log_rest partition of audit.audit_log default`,
    'the month is not checked before a change': noCheck,
    'the error does not name the leaf': inFunction('audit.require_month', [
      'table = audit.leaf_of(moment)',
      `table = 'audit_log'`,
    ]),
    'an error while capturing is ignored': together(
      noCheck,
      ignoreErrors('audit.rows_of_auth_users'),
      ignoreErrors('audit.capture_update'),
    ),
    'sessions go on without their month': together(noCheck, ignoreErrors('audit.rows_of_auth_sessions')),
    'acceptances go on without their month': inFunction('audit.rows_of_auth_legal_acceptance', [
      'perform audit.require_month(moment);',
      'if not audit.has_month(moment) then return null; end if;',
    ]),
    'updates go on without their month': inFunction('audit.append', [
      'perform audit.require_month(moment);',
      `if action = 'update' and not audit.has_month(moment) then return; end if; perform audit.require_month(moment);`,
    ]),
    'truncates go on without their month': inFunction('audit.append', [
      'perform audit.require_month(moment);',
      `if action = 'truncate' and not audit.has_month(moment) then return; end if; perform audit.require_month(moment);`,
    ]),
    'register answers accepted when the leaf is missing': inFunction('auth.register', [
      'when check_violation or',
      `when object_not_in_prerequisite_state then return 'accepted';\n        when check_violation or`,
    ]),
    'a detached leaf counts as a prepared month': inFunction(
      'audit.has_month',
      ['pg_partition_root(', '('],
      [`= ('audit.audit_log'::regclass)::oid`, 'is not null'],
    ),
    'deletes of acceptances need no month': inFunction('audit.rows_of_auth_legal_acceptance', [
      'perform audit.require_month(moment);',
      "if tg_op = 'DELETE' and not audit.has_month(moment) then return null; end if; perform audit.require_month(moment);",
    ]),
    'a new table has audited truncates that nobody tried': sql`create table auth.devices (id uuid not null);
      create trigger truncates_are_audited after truncate on auth.devices for each statement execute function audit.capture_truncate()`,
    'a truncate needs no month': inFunction('audit.capture_truncate', [
      'perform audit.append',
      'if not audit.has_month(clock_timestamp()) then return null; end if; perform audit.append',
    ]),
  },
})
