import { edit, faults } from '../harness/setup.ts'

const RUN = 'migrations/runner/run.ts'
const STEPS = 'migrations/runner/steps.ts'

export default faults({
  'B1.0.7': {
    'the server does not notice that the runner is gone': edit(
      'migrations/runner/connection.ts',
      "; set client_connection_check_interval = '500ms'",
      '',
    ),
    'a change is committed before its ledger row': edit(
      RUN,
      'await client.query(script.sql)',
      "await client.query(script.sql)\n    await client.query(`commit; begin; set local ${MARK} = '${script.name}'`)",
    ),
    'nobody asks whether the catalog was remembered': edit(
      'migrations/runner/fingerprint.ts',
      "return row.place === row.last ? 'fresh' : 'stale'",
      "return 'fresh'",
    ),
    'a concurrent build is not announced in the ledger': edit(
      STEPS,
      "await write(client, migration, () => record(client, migration, 'started', took()))",
      '',
    ),
    'what was started counts as applied': edit(
      'migrations/runner/plan.ts',
      "applied.get(name)?.state !== 'done'",
      '!applied.has(name)',
    ),
    'what a killed build left stays in the way': edit(STEPS, 'wasStarted && (await resume(client))', 'false'),
    'an index that is there is taken for one that is whole': edit(
      'migrations/runner/concurrent.ts',
      'if (await exists(client, name)) await client.query(`drop index concurrently ${name}`)\n    return false',
      'return exists(client, name)',
    ),
    'a detach that was cut short is begun anew': edit(
      'migrations/runner/concurrent.ts',
      'if (rows[0]?.inhdetachpending !== true) return rows.length > 0',
      'if (rows.length >= 0) return rows.length > 0',
    ),
  },
})
