import { edit, faults } from '../harness/setup.ts'

const RUN = 'migrations/runner/run.ts'
const WITHOUT_TRANSACTION = 'migrations/runner/without-transaction.ts'

export default faults({
  'B1.0.7': {
    'the server does not notice that the runner was killed': edit(
      'migrations/runner/session.ts',
      "; set client_connection_check_interval = '500ms'",
      '',
    ),
    'the server does not notice that a runner was killed in the prelude': edit(
      'migrations/runner/session.ts',
      '...{ settings, sessionSetup: RUNNER_SETTINGS }',
      "settings, sessionSetup: RUNNER_SETTINGS.replace(\"; set client_connection_check_interval = '500ms'\", '')",
    ),
    'the database of a verify that was killed remains': edit(
      'migrations/runner/verify.ts',
      '    await dropAbandoned(superuser)\n',
      '',
    ),
    'a change is committed before its ledger row': edit(
      RUN,
      'await client.query(answeredWithin(SCRIPT_ANSWER_MS, script.sql))',
      "await client.query(answeredWithin(SCRIPT_ANSWER_MS, script.sql))\n    await client.query(`commit; begin; set local ${MIGRATION_SETTING} = '${script.name}'`)",
    ),
    'an outdated baseline counts as current': edit(
      'migrations/runner/drift.ts',
      "return row.saved === row.now ? 'current' : 'outdated'",
      "return 'current'",
    ),
    'the ledger does not say that a concurrent build has started': edit(
      WITHOUT_TRANSACTION,
      "  await record('started')\n",
      '',
    ),
    'a started migration counts as applied': edit(
      'migrations/runner/migrator.ts',
      "filter(({ state }) => state === 'done')",
      'filter(({ state }) => state)',
    ),
    'what a killed build left is not removed': edit(
      WITHOUT_TRANSACTION,
      'wasStarted && (await resume(client))',
      'false',
    ),
    'an invalid index counts as a valid one': edit(
      'migrations/runner/resumable.ts',
      '    if (await exists(client, name))\n',
      '    return exists(client, name)\n    if (await exists(client, name))\n',
    ),
    'an interrupted detach is started again': edit(
      'migrations/runner/resumable.ts',
      'if (isPending !== true) return isPending === false',
      'return isPending !== undefined',
    ),
  },
})
