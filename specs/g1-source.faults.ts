import { edit, edits, faults } from '../harness/setup.ts'

const PREFLIGHT = 'ops/backup/preflight.ts'

export default faults({
  'G1.1.4': {
    'any database is accepted': edit(PREFLIGHT, 'if (migrations === 0)', 'if (migrations < 0)'),
    'a ledger that is not there is an error of the program': edit(
      PREFLIGHT,
      "['42P01', '42703', '42883', '22P02']",
      "['42703', '42883', '22P02']",
    ),
    'a ledger of another product is an error of the program': edit(
      PREFLIGHT,
      "'42703', '42883', '22P02']",
      "'42883', '22P02']",
    ),
    'tables without a ledger are enough': edit(
      PREFLIGHT,
      'tables < FEWEST_TABLES ? 0 : await countMigrations(client)',
      'tables < FEWEST_TABLES ? 0 : 1',
    ),
    'a database that has the ledger of HMA and no table of its other schemas is backed up': edit(
      PREFLIGHT,
      'const FEWEST_TABLES = 10',
      'const FEWEST_TABLES = 1',
    ),
    'a login that may become the owner is accepted': edit(
      PREFLIGHT,
      'rolbypassrls as "seesAllRows"',
      `(rolbypassrls or pg_has_role(oid, 'hma_owner', 'member')) as "seesAllRows"`,
    ),
    'a login that is a member of one which sees all rows is accepted': edits(
      {
        file: PREFLIGHT,
        find: 'rolbypassrls as "seesAllRows"',
        replace: `(select bool_or(m.rolbypassrls) from pg_roles m where pg_has_role(current_user, m.oid, 'member')) as "seesAllRows"`,
      },
      // It would be an error of pg_dump otherwise.
      {
        file: 'ops/backup/dump.ts',
        find: "'--compress=gzip', ",
        replace: "'--compress=gzip', '--enable-row-security', ",
      },
    ),
    'a filtered login is accepted': edit(PREFLIGHT, 'if (!seesAllRows)', 'if (false)'),
    'a superuser is accepted': edit(PREFLIGHT, 'if (isSuperuser)', 'if (false)'),
    'a table of another role is accepted': edit(
      PREFLIGHT,
      'if (notRestorable !== null)',
      'if (notRestorable === undefined)',
    ),
    'only tables of our schemas are asked for their owner': edit(
      PREFLIGHT,
      "n.nspname !~ '^pg_'\n",
      "n.nspname in ('auth', 'ops')\n",
    ),
    'a temporary table of another role stops the backup': edit(PREFLIGHT, " and n.nspname !~ '^pg_'\n", '\n'),
    'a view of another login is accepted': edit(PREFLIGHT, "relkind in ('v', 'm')", "relkind in ('m')"),
    'a materialized view of another login is accepted': edit(
      PREFLIGHT,
      "relkind in ('v', 'm')",
      "relkind in ('v')",
    ),
    'a function of another login is accepted': edit(PREFLIGHT, "prokind <> 'a'", "prokind = 'x'"),
    'a domain of another login is accepted': edit(PREFLIGHT, "typtype = 'd'", "typtype = 'x'"),
    'only what somebody can write who is a member of another role is refused': edit(
      PREFLIGHT,
      'r.rolcanlogin or exists',
      'exists',
    ),
    'an aggregate of another role is accepted': edit(
      PREFLIGHT,
      "from pg_proc where prokind = 'a'",
      "from pg_proc where prokind = 'x'",
    ),
    'an older client is accepted': edit(PREFLIGHT, '!(major >= serverMajor)', 'false'),
    'a newer client is refused': edit(PREFLIGHT, '!(major >= serverMajor)', 'major !== serverMajor'),
  },
})
