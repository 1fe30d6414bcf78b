import { edit, faults } from '../harness/setup.ts'

const RUN = 'migrations/runner/run.ts'
const PLAN = 'migrations/runner/plan.ts'
const COMMANDS = 'migrations/runner/commands.ts'
const MIGRATOR = 'migrations/runner/migrator.ts'

const ROLE_HAS_SETTING = `if not exists (
            select from pg_catalog.pg_db_role_setting s
             where s.setrole = role.name::regrole and s.setdatabase = 0
               and s.setconfig @> array[role.setting || '=' || role.value]
        ) then`

export default faults({
  'B1.0.1': {
    'the database ends the session of the runner when it does nothing for a moment': edit(
      'migrations/runner/session.ts',
      "['idle_session_timeout=0', ",
      '[',
    ),
    'a limit of the database for idle transactions ends the session that holds the lock': edit(
      'migrations/runner/session.ts',
      ", 'idle_in_transaction_session_timeout=0']",
      ']',
    ),
    'an empty database whose name needs quotes is not taken to any version': edit(
      'migrations/access.sql',
      "'grant connect on database %I to %I'",
      "'grant connect on database %s to %I'",
    ),
    'what public may do cannot be taken back in a database whose name needs quotes': edit(
      'migrations/access.sql',
      "'revoke all on database %I from public'",
      "'revoke all on database %s from public'",
    ),
    'apply stops one migration early': edit(
      COMMANDS,
      'migrator.up(applied)',
      'migrator.up(applied.slice(0, -1))',
    ),
    'a migration is recorded and not run': edit(
      RUN,
      'await client.query(answeredWithin(SCRIPT_ANSWER_MS, script.sql))',
      "if (script.name !== '0010_analytics') await client.query(answeredWithin(SCRIPT_ANSWER_MS, script.sql))",
    ),
    'status calls nothing pending': edit(MIGRATOR, '(await umzug.pending()).map(({ name }) => name)', '[]'),
    'status ends with 0 although something is pending': edit(
      PLAN,
      '(pending.length > 0 || isPending ? STATUS_BITS.pending : 0)',
      '0',
    ),
  },
  'B1.0.2': {
    'every password is set again': edit(
      'migrations/runner/prelude.ts',
      'if (rolpassword !== null && matchesVerifier(password, rolpassword)) continue',
      '',
    ),
    'the baseline is saved again although nothing was applied': edit(
      COMMANDS,
      'if (plan.length > 0 || preludeChanges.length > 0 || !hasBaseline)',
      'if (plan.length >= 0)',
    ),
    'the settings of the roles are written again': edit(
      'migrations/roles.sql',
      ROLE_HAS_SETTING,
      'if true then',
    ),
    'the mark of the database is written again': edit(
      'migrations/after-apply.sql',
      'where name is not null;',
      'where name is not null;\nupdate ops.environment set marked_at = clock_timestamp();',
    ),
    'a number is drawn from a sequence': edit(
      'migrations/after-apply.sql',
      'where name is not null;',
      "where name is not null;\nselect nextval('audit.audit_log_id');",
    ),
    'what is applied counts as pending': edit(
      MIGRATOR,
      "filter(({ state }) => state === 'done')",
      'filter(({ state }) => !state)',
    ),
  },
})
