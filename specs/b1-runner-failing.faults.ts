import { edit, edits, faults } from '../harness/setup.ts'

const RUN = 'migrations/runner/run.ts'
const COMMANDS = 'migrations/runner/commands.ts'
const RUNS_THEN_RECORDS = [
  '    await client.query(answeredWithin(SCRIPT_ANSWER_MS, script.sql))',
  '    await client.query(`set local role ${OWNER}`)',
  '    await write()',
].join('\n')

const FAILURE_RECORDED = `    await client.query('rollback').catch(() => {})
    await client.query(\`begin; set local role \${OWNER}; insert into ops.schema_migration (name, checksum, state, duration_ms, tool_version, transactional)
      values ('failed \${script.name}', '', 'done', 0, '1', true); commit\`).catch(() => {})
`

export default faults({
  'B1.0.5': {
    'a build that fails after one that was killed leaves its ledger row': edit(
      'migrations/runner/without-transaction.ts',
      "return before === 'started' && direction === 'up' ? undefined : before",
      "return direction === 'up' ? before : (before ?? 'done')",
    ),
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
    'after an attach that failed the ledger says that it has started': edit(
      'migrations/runner/resumable.ts',
      [
        '      resume: (client) => finishDetaching(client, parent, child),',
        '      undo: async (client) => !(await isDetaching(client, parent, child)),',
      ].join('\n'),
      [
        '      resume: (client) => finishDetaching(client, parent, child),',
        '      undo: async () => false,',
      ].join('\n'),
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
})
