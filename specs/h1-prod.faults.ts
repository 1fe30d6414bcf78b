import { edit, faults } from '../harness/setup.ts'

const OPERATIONS = 'docs/runbooks/operations.md'

export default faults({
  'H1.1.2': {
    'a form for prod misspells a command of its program': edit(
      OPERATIONS,
      'exec -T audit node ops/audit/job.ts verify`',
      'exec -T audit node ops/audit/job.ts verifiy`',
    ),
    'a form for prod asks for a table that does not exist': edit(
      OPERATIONS,
      "'table statistics.pg_stat_statements'",
      "'table pg_stat_statements'",
    ),
    'a form for prod reads the password of the cache from another file': edit(
      OPERATIONS,
      'cat /run/secrets/redis-password',
      'cat /run/secrets/cache-password',
    ),
    'after the rotation of a secret in prod its service goes on with the old one': edit(
      OPERATIONS,
      'prod up --wait --force-recreate`',
      'prod up --wait`',
    ),
  },
})
