import { faults, inFunction, sql } from '../harness/setup.ts'

export default faults({
  'B1.2.5': {
    'ALTER and CREATE are not recorded': sql`alter event trigger audit_ddl_is_recorded disable`,
    'DROP is not recorded': sql`alter event trigger audit_drops_are_recorded disable`,
    'DDL on tables of auth is not recorded': inFunction('guard.record_ddl', [
      `c.schema_name is distinct from 'pg_temp'`,
      `c.schema_name is distinct from 'auth'`,
    ]),
    'drops of triggers are not recorded': inFunction('guard.record_ddl', [
      'and not d.is_temporary',
      `and d.object_type <> 'trigger'`,
    ]),
  },
})
