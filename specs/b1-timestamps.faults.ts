import { faults, inFunction, sql } from '../harness/setup.ts'
import { replaceTrigger } from './vocabulary/schema-faults.ts'

const stampOnly = (events: string, table: string, trigger: string) =>
  replaceTrigger(table, trigger, `before ${events}`, 'for each row execute function ops.stamp_times()')

export default faults({
  'B1.3.1': {
    'an insert can set the timestamps of a user': stampOnly('update', 'auth.users', 'users_are_stamped'),
    'an insert can set the timestamps of a session': stampOnly(
      'update',
      'auth.sessions',
      'sessions_are_stamped',
    ),
    'an insert can set the timestamps of an acceptance': sql`drop trigger acceptances_are_stamped on auth.legal_acceptance`,
    'an update of a user is not stamped': stampOnly('insert', 'auth.users', 'users_are_stamped'),
    'an update of a session is stamped only when the session ends': stampOnly(
      'insert or update of ended_at',
      'auth.sessions',
      'sessions_are_stamped',
    ),
    'the times of a model are not stamped': sql`drop trigger models_are_stamped on ml.model`,
    'an update of a model is not stamped': stampOnly('insert', 'ml.model', 'models_are_stamped'),
    'updated_at is the start of the transaction': inFunction('ops.stamp_times', [
      'pg_catalog.clock_timestamp()',
      'pg_catalog.now()',
    ]),
    'an update can set updated_at': inFunction('ops.stamp_times', [
      'new.updated_at := pg_catalog.clock_timestamp();',
      `if tg_op = 'INSERT' or new.updated_at = old.updated_at then new.updated_at := pg_catalog.clock_timestamp(); end if;`,
    ]),
    'an update can set created_at': inFunction('ops.stamp_times', ['new.created_at := old.created_at;', '']),
    'an update that changes no value is not stamped': sql`drop trigger users_are_stamped on auth.users;
      create trigger users_are_stamped before insert on auth.users for each row execute function ops.stamp_times();
      create trigger users_are_stamped_again before update on auth.users for each row
        when (old.* is distinct from new.*) execute function ops.stamp_times()`,
    'the application has the privilege to set updated_at': sql`grant update (updated_at) on auth.users to hma_app`,
    'two updates of one transaction have one time': inFunction('ops.stamp_times', [
      'new.updated_at := pg_catalog.clock_timestamp()',
      'new.updated_at := pg_catalog.now()',
    ]),
  },
})
