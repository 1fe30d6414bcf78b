import { edit, faults } from '../harness/setup.ts'

const RUN = 'migrations/runner/run.ts'
const STEPS = 'migrations/runner/steps.ts'

export default faults([
  {
    criterion: 'B1.0.7',
    breaks: 'the server does not notice that the runner is gone',
    plant: edit('migrations/runner/connection.ts', "; set client_connection_check_interval = '500ms'", ''),
  },
  {
    criterion: 'B1.0.7',
    breaks: 'a change is committed before its ledger row',
    plant: edit(
      RUN,
      'await client.query(script.sql)',
      "await client.query(script.sql)\n    await client.query(`commit; begin; set local ${MARK} = '${script.name}'`)",
    ),
  },
  {
    criterion: 'B1.0.7',
    breaks: 'nobody asks whether the catalog was remembered',
    plant: edit(
      'migrations/runner/fingerprint.ts',
      "return row.place === row.last ? 'fresh' : 'stale'",
      "return 'fresh'",
    ),
  },
  {
    criterion: 'B1.0.7',
    breaks: 'a concurrent build is not announced in the ledger',
    plant: edit(
      STEPS,
      "await write(client, migration, () => record(client, migration, 'started', took()))",
      '',
    ),
  },
  {
    criterion: 'B1.0.7',
    breaks: 'what was started counts as applied',
    plant: edit('migrations/runner/plan.ts', "applied.get(name)?.state !== 'done'", '!applied.has(name)'),
  },
  {
    criterion: 'B1.0.7',
    breaks: 'what a killed build left stays in the way',
    plant: edit(STEPS, 'wasStarted && (await resume(client))', 'false'),
  },
  {
    criterion: 'B1.0.7',
    breaks: 'an index that is there is taken for one that is whole',
    plant: edit(
      'migrations/runner/concurrent.ts',
      'if (await exists(client, name)) await client.query(`drop index concurrently ${name}`)\n    return false',
      'return exists(client, name)',
    ),
  },
  {
    criterion: 'B1.0.7',
    breaks: 'a detach that was cut short is begun anew',
    plant: edit(
      'migrations/runner/concurrent.ts',
      'if (rows[0]?.inhdetachpending !== true) return rows.length > 0',
      'if (rows.length >= 0) return rows.length > 0',
    ),
  },
])
