import { clusterSql, faults, inFunction, sql } from '../harness/setup.ts'

export default faults({
  'B1.3.2': {
    'a login that can become the owner may act for a user': sql`create or replace function audit.actor() returns uuid language sql stable as
      $$ select case when current_setting('backtrace_functions') ~ '^[0-9a-f]+_[0-9a-f]+$'
                     then right(current_setting('backtrace_functions'), 32)::uuid end $$`,
    'the current role is asked, and not the login, whether it can become the owner': inFunction(
      'audit.actor',
      ['SESSION_USER', 'CURRENT_USER'],
    ),
    'a login that can become a role, and does not inherit from it, may act for a user': inFunction(
      'audit.actor',
      [`'set'::text`, `'usage'::text`],
    ),
    'the monitor may become the role that identifies users': clusterSql(
      'grant hma_auth_definer to hma_monitor with inherit false, set true',
      'revoke hma_auth_definer from hma_monitor',
    ),
  },
})
