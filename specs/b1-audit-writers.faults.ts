import { faults, inFunction, sql, together } from '../harness/setup.ts'

const LOCK = 'lock table audit.audit_log in share mode;'

export default faults([
  {
    criterion: 'B1.2.7',
    breaks: 'a chain over single rows makes writers wait for each other',
    plant: sql`create function public.take_turns() returns trigger language plpgsql as
      $$ begin perform pg_advisory_xact_lock(7); return new; end $$;
      create trigger turns_are_taken before insert on audit.audit_log for each row execute function public.take_turns()`,
  },
  {
    criterion: 'B1.2.7',
    breaks: 'a seal does not wait for writers at work',
    plant: inFunction('audit.last_settled_id', [LOCK, '']),
  },
  {
    criterion: 'B1.2.7',
    breaks: 'a seal takes a lock that lets writers pass',
    plant: inFunction('audit.last_settled_id', [LOCK, 'lock table audit.audit_log in row share mode;']),
  },
  {
    criterion: 'B1.2.7',
    breaks: 'a seal holds writers off until it is committed',
    plant: inFunction('audit.last_settled_id', [`raise sqlstate 'UNDO0';`, 'return given_out;']),
  },
  {
    criterion: 'B1.2.7',
    breaks: 'numbers are given out in advance',
    plant: sql`alter sequence audit.audit_log_id cache 50`,
  },
  {
    criterion: 'B1.2.7',
    breaks: 'two sessions may seal at once',
    plant: together(
      inFunction('audit.seal', ['lock table audit.audit_seal in share row exclusive mode;', '']),
      sql`alter table audit.audit_seal drop constraint windows_are_sealed_once`,
    ),
  },
  {
    criterion: 'B1.2.7',
    breaks: 'a seal trusts an old snapshot',
    plant: inFunction('audit.seal', [
      `current_setting('transaction_isolation') <> 'read committed'`,
      'false',
    ]),
  },
  {
    criterion: 'B1.2.7',
    breaks: 'a gap in the numbers ends what is sealed',
    plant: inFunction('audit.seal', [
      'up_to := audit.last_settled_id();',
      `up_to := (select count(*) from audit.audit_log);`,
    ]),
  },
])
