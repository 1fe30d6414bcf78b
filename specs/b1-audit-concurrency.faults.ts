import { faults, inFunction, sql, together } from '../harness/setup.ts'

const LOCK = `perform audit.lock_log('share');`

export default faults({
  'B1.2.7': {
    'writers wait for each other': sql`create function public.take_turns() returns trigger language plpgsql as
      $$ begin perform pg_advisory_xact_lock(7); return new; end $$;
      create trigger turns_are_taken before insert on audit.audit_log for each row execute function public.take_turns()`,
    'a seal does not wait for active writers': inFunction('audit.last_settled_id', [LOCK, '']),
    'the lock of a seal does not conflict with writers': inFunction('audit.last_settled_id', [
      LOCK,
      `perform audit.lock_log('row share');`,
    ]),
    'a seal blocks writers until it is committed': inFunction('audit.last_settled_id', [
      `raise sqlstate 'UNDO0';`,
      'return given_out;',
    ]),
    'writers wait as long as a seal waits': inFunction('audit.lock_log', [`'100ms'`, `'3s'`]),
    'a seal gives up at its first attempt': inFunction('audit.lock_log', ['1 .. 10', '10 .. 10']),
    'a session caches ids': sql`alter sequence audit.audit_log_id cache 50`,
    'two sessions can seal at the same time': together(
      inFunction('audit.seal', ['lock table audit.audit_seal in share row exclusive mode;', '']),
      sql`alter table audit.audit_seal drop constraint windows_are_sealed_once`,
    ),
    'a seal accepts an old snapshot': inFunction('audit.seal', [
      `current_setting('transaction_isolation') <> 'read committed'`,
      'false',
    ]),
    'a seal ends at the first gap in the ids': inFunction('audit.seal', [
      'up_to := audit.last_settled_id();',
      `up_to := (select count(*) from audit.audit_log);`,
    ]),
  },
})
