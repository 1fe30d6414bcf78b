import { faults, inFunction, sql } from '../harness/setup.ts'

const onUpdateAlone = (trigger: string, table: string) => sql`drop trigger ${trigger} on ${table};
  create trigger ${trigger} before update on ${table} for each row execute function ops.stamp_times()`

export default faults({
  'B1.3.1': {
    'an insert of a user keeps the times it was sent': onUpdateAlone('users_are_stamped', 'auth.users'),
    'an insert of a session keeps the times it was sent': onUpdateAlone(
      'sessions_are_stamped',
      'auth.sessions',
    ),
    'an acceptance keeps the times it was sent': sql`drop trigger acceptances_are_stamped on auth.legal_acceptance`,
    'only inserts of users are stamped': sql`drop trigger users_are_stamped on auth.users;
      create trigger users_are_stamped before insert on auth.users for each row execute function ops.stamp_times()`,
    'sessions are stamped when they end and at no other time': sql`drop trigger sessions_are_stamped on auth.sessions;
      create trigger sessions_are_stamped before insert or update of ended_at on auth.sessions
        for each row execute function ops.stamp_times()`,
    'the time is that of the transaction': inFunction('ops.stamp_times', [
      'pg_catalog.clock_timestamp()',
      'pg_catalog.now()',
    ]),
    'a time that is sent wins': inFunction('ops.stamp_times', [
      'new.updated_at := pg_catalog.clock_timestamp();',
      `if tg_op = 'INSERT' or new.updated_at = old.updated_at then new.updated_at := pg_catalog.clock_timestamp(); end if;`,
    ]),
    'an update may change when a row was created': inFunction('ops.stamp_times', [
      'new.created_at := old.created_at;',
      '',
    ]),
    'a row that stays the same is not stamped': sql`drop trigger users_are_stamped on auth.users;
      create trigger users_are_stamped before insert on auth.users for each row execute function ops.stamp_times();
      create trigger users_are_stamped_again before update on auth.users for each row
        when (old.* is distinct from new.*) execute function ops.stamp_times()`,
    'the application may write the times': sql`grant update (updated_at) on auth.users to hma_app`,
  },
})
