import { edit, edits, faults } from '../harness/setup.ts'

const RUN = 'migrations/runner/run.ts'
const PLAN = 'migrations/runner/plan.ts'
const COMMANDS = 'migrations/runner/commands.ts'
const MIGRATOR = 'migrations/runner/migrator.ts'
const RUNS_THEN_RECORDS = [
  '    await client.query(answeredWithin(SCRIPT_ANSWER_MS, script.sql))',
  '    await client.query(`set local role ${OWNER}`)',
  '    await write()',
].join('\n')

const FAILURE_RECORDED = `    await client.query('rollback').catch(() => {})
    await client.query(\`begin; set local role \${OWNER}; insert into ops.schema_migration (name, checksum, state, duration_ms, tool_version, transactional)
      values ('failed \${script.name}', '', 'done', 0, '1', true); commit\`).catch(() => {})
`
const ROLE_HAS_SETTING = `if not exists (
            select from pg_catalog.pg_db_role_setting s
             where s.setrole = role.name::regrole and s.setdatabase = 0
               and s.setconfig @> array[role.setting || '=' || role.value]
        ) then`

export default faults({
  'B1.0.1': {
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
    'what is applied counts as pending': edit(
      MIGRATOR,
      "filter(({ state }) => state === 'done')",
      'filter(({ state }) => !state)',
    ),
  },
  'B1.0.5': {
    'statements run one by one and outside of a transaction': edits(
      {
        file: RUN,
        find: '${RESET_SESSION}; begin; ${LIMITS}; set local role ${OWNER}; ${set}',
        replace: "${RESET_SESSION}; set role ${OWNER}; ${set.replaceAll('local', '')}",
      },
      {
        file: RUN,
        find: 'await client.query(answeredWithin(SCRIPT_ANSWER_MS, script.sql))',
        replace: "for (const statement of script.sql.split(';')) await client.query(statement)",
      },
    ),
    'the ledger row is written first, in a transaction of its own': edit(
      RUN,
      RUNS_THEN_RECORDS,
      [
        '    await client.query(`set local role ${OWNER}`)',
        '    await write()',
        '    await client.query(`commit; begin; set local role ${OWNER}`)',
        '    await client.query(answeredWithin(SCRIPT_ANSWER_MS, script.sql))',
      ].join('\n'),
    ),
    'a failure is ignored': edit(
      RUN,
      'throw error instanceof CliError ? error : scriptError(script, error)',
      '',
    ),
    'everything pending shares one transaction': edits(
      { file: RUN, find: '${RESET_SESSION}; begin; ${LIMITS};', replace: '${LIMITS};' },
      {
        file: RUN,
        find: "    await client.query(answeredWithin(SCRIPT_ANSWER_MS, 'commit'))\n",
        replace: '',
      },
      {
        file: COMMANDS,
        find: '    await run()\n',
        replace: "    await client.query('begin')\n    await run()\n    await client.query('commit')\n",
      },
    ),
    'a failed concurrent statement counts as done': edit(
      'migrations/runner/without-transaction.ts',
      '    throw scriptError(script, error)\n',
      '    return\n',
    ),
    'what a failed concurrent build left remains': edit(
      'migrations/runner/resumable.ts',
      'const isOurs = (await exists(client, name)) && !(await isValidIndex(client, name))',
      'const isOurs = false',
    ),
    'the index of somebody else is dropped': edit(
      'migrations/runner/resumable.ts',
      'const isOurs = (await exists(client, name)) && !(await isValidIndex(client, name))',
      'const isOurs = await exists(client, name)',
    ),
    'after a failed concurrent statement the ledger says that it has started': edit(
      'migrations/runner/without-transaction.ts',
      'await record(stateAfterUndo(before, direction))',
      '{}',
    ),
    'a down that failed is recorded as undone': edit(
      'migrations/runner/without-transaction.ts',
      "return before === 'started' && direction === 'up' ? undefined : before",
      'return undefined',
    ),
    'a failed migration is recorded under another name': edit(
      RUN,
      "    await client.query('rollback').catch(() => {})\n",
      FAILURE_RECORDED,
    ),
    'a file may end its transaction': edit(
      'migrations/runner/files.ts',
      'if (refused !== undefined)',
      'if (statements.length < 0 && refused)',
    ),
  },
  'B1.0.6': {
    'down runs an edited file': edit(
      COMMANDS,
      '    requireConsistent(comparison, { allowOutOfOrder: true })\n',
      '',
    ),
    'verify replays an edited file': edit(
      'migrations/runner/verify.ts',
      '    requireConsistent(comparison, { allowOutOfOrder: true })\n',
      '',
    ),
    'checksums are not compared': edit(
      PLAN,
      'return row?.checksum !== checksum || !row.chained',
      'return checksum === row?.name',
    ),
    'a comment added to a down file is no edit': edit(
      'migrations/runner/files.ts',
      '.update(`${up}\\0${down}`)',
      ".update(`${up}\\0${down.replace('-- edited\\n', '')}`)",
    ),
    'a ledger row may be edited': edit(PLAN, ' || !row.chained', ''),
    'missing files are ignored': edit(PLAN, 'if (missing.length > 0)\n', 'if (missing.length > 99)\n'),
    'order is ignored': edit(
      PLAN,
      'if (outOfOrder.length > 0 && !allowOutOfOrder)',
      'if (outOfOrder.length > 99)',
    ),
    'out of order is refused although it is allowed': edit(
      PLAN,
      'if (outOfOrder.length > 0 && !allowOutOfOrder)',
      'if (outOfOrder.length > 0)',
    ),
    'edited and missing share a bit of the exit code': edit(
      PLAN,
      'edited: 2, missing: 4',
      'edited: 4, missing: 4',
    ),
  },
})
