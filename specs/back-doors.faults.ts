import { faults, inFunction, sql } from '../harness/setup.ts'

export default faults({
  'B1.1.5': {
    'the migrator can move the registration date': inFunction('auth.keep_registration', [
      'new.registered_on := old.registered_on',
      "if session_user <> 'hma_migrator' then new.registered_on := old.registered_on; end if",
    ]),
  },
  'B1.1.7': {
    'the owner can begin an ended session again': sql`drop trigger sessions_end_once on auth.sessions; create trigger sessions_end_once
      before update of ended_at on auth.sessions for each row
      when (current_user <> 'hma_owner' and old.ended_at is not null and new.ended_at is distinct from old.ended_at) execute function ops.refuse_change()`,
  },
  'B1.1.8': {
    'an acceptance can be redated by the owner': sql`drop trigger acceptances_are_final on auth.legal_acceptance; create trigger acceptances_are_final before update on auth.legal_acceptance for each row when (current_user <> 'hma_owner') execute function ops.refuse_change()`,
  },
  'B1.2.5': {
    'a client named pg_repack may change rows': inFunction('ops.refuse_change', [
      'raise exception using',
      "if current_setting('application_name') = 'pg_repack' then return coalesce(new, old); end if; raise exception using",
    ]),
    'the login of the backups may delete': inFunction('ops.refuse_change', [
      'raise exception using',
      "if session_user = 'hma_backup' then return old; end if; raise exception using",
    ]),
  },
  'B1.3.1': {
    'the owner can set updated_at': inFunction('ops.stamp_times', [
      'new.updated_at := pg_catalog.clock_timestamp()',
      "if current_user <> 'hma_owner' then new.updated_at := pg_catalog.clock_timestamp(); end if",
    ]),
    'an upsert keeps the old time': sql`drop trigger users_are_stamped on auth.users; create trigger users_are_stamped before insert or update on auth.users for each row when (pg_trigger_depth() < 1 and current_setting('hma.load', true) is null) execute function ops.stamp_times()`,
  },
  'B1.4.3': {
    'one client may mark a database with test users': inFunction('ops.refuse_test_users', [
      'if exists (',
      "if current_setting('application_name') <> 'copy' and exists (",
    ]),
  },
  'C1.0.4': {
    'an attempt with a certain request is not recorded': inFunction('auth.register', [
      'perform audit.write(',
      "if exists (select from pg_catalog.pg_stat_activity) and current_setting('hma.request') like 'again%' then return broken_rule; end if; perform audit.write(",
    ]),
  },
  'F1.1.2': {
    'the migrator may alter artefacts': sql`drop trigger artefacts_are_immutable on ml.model; create trigger artefacts_are_immutable
      before update on ml.model for each row when (session_user <> 'hma_migrator' and old.artefact_uri is distinct from new.artefact_uri)
      execute function ops.refuse_change(); alter table ml.model enable always trigger artefacts_are_immutable`,
  },
})
