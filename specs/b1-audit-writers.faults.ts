import { faults, inFunction, sql, together } from '../harness/setup.ts'

const LOCK = 'lock table audit.audit_log in share mode;'

export default faults({
  'B1.2.7': {
    'a chain over single rows makes writers wait for each other': sql`create function public.take_turns() returns trigger language plpgsql as
      $$ begin perform pg_advisory_xact_lock(7); return new; end $$;
      create trigger turns_are_taken before insert on audit.audit_log for each row execute function public.take_turns()`,
    'a seal does not wait for writers at work': inFunction('audit.last_settled_id', [LOCK, '']),
    'a seal takes a lock that lets writers pass': inFunction('audit.last_settled_id', [
      LOCK,
      'lock table audit.audit_log in row share mode;',
    ]),
    'a seal holds writers off until it is committed': inFunction('audit.last_settled_id', [
      `raise sqlstate 'UNDO0';`,
      'return given_out;',
    ]),
    'numbers are given out in advance': sql`alter sequence audit.audit_log_id cache 50`,
    'two sessions may seal at once': together(
      inFunction('audit.seal', ['lock table audit.audit_seal in share row exclusive mode;', '']),
      sql`alter table audit.audit_seal drop constraint windows_are_sealed_once`,
    ),
    'a seal trusts an old snapshot': inFunction('audit.seal', [
      `current_setting('transaction_isolation') <> 'read committed'`,
      'false',
    ]),
    'a gap in the numbers ends what is sealed': inFunction('audit.seal', [
      'up_to := audit.last_settled_id();',
      `up_to := (select count(*) from audit.audit_log);`,
    ]),
  },
})
