import { edit, faults } from '../harness/setup.ts'

const BASE = 'docker/docker-compose.yml'
const SCHEDULER = 'ops/schedule/scheduler.ts'
const NEXT = 'ops/schedule/next-start.ts'

export default faults({
  'G1.1.1': {
    'backups are made without being asked for': edit(BASE, '    profiles: [backup]\n', ''),
    'the backup is weekly': edit(
      BASE,
      'backup=${HMA_BACKUP_SCHEDULE:-30 2 * * *}',
      'backup=${HMA_RESTORE_TEST_SCHEDULE:-30 4 * * 0}',
    ),
    'nothing is pruned': edit(BASE, '      - --job=prune=${HMA_BACKUP_SCHEDULE:-30 2 * * *}\n', ''),
    'no restore is tested': edit(
      BASE,
      '      - --job=restore-test=${HMA_RESTORE_TEST_SCHEDULE:-30 4 * * 0}\n',
      '',
    ),
    'the zone is not passed on': edit(BASE, '      - --zone=${HMA_BACKUP_ZONE:-UTC}\n', ''),
    'the times are those of UTC': edit(NEXT, '{ timezone: zone }', "{ timezone: 'UTC' }"),
    'there is no jitter': edit(NEXT, ' + chance * timing.jitterMs', ''),
    'the jitter is twice as long': edit(NEXT, 'chance * timing.jitterMs', '(1 + chance) * timing.jitterMs'),
    'the jitter is taken for milliseconds, so that all stacks start at once': edit(
      'ops/schedule/main.ts',
      'jitterMs: jitter * 1000',
      'jitterMs: jitter',
    ),
    'a run begins while another runs': edit(
      SCHEDULER,
      'const exitCode = await job.run(stop)',
      'const exitCode = await Promise.race([job.run(stop), surroundings.sleep(100, stop).then(() => 0)])',
    ),
    'a skipped time is not logged': edit(SCHEDULER, 'if (skipped !== undefined)', 'if (skipped === 0)'),
    'a failed run is logged as a success': edit(
      SCHEDULER,
      "run.exitCode === 0 ? 'succeeded' : 'failed'",
      "'succeeded'",
    ),
    'a killed run counts as one that ended well': edit(
      'ops/schedule/run-to-end.ts',
      'code ?? 128 + (signal === null ? 0 : constants.signals[signal])',
      'code ?? 0',
    ),
    'a run that reached no database or store is no problem': edit(
      'ops/schedule/report.ts',
      'last.exitCode !== 0)',
      'last.exitCode !== 0 && last.exitCode !== 3)',
    ),
    'a failure is never over': edit(
      'ops/schedule/report.ts',
      'last.exitCode !== 0)',
      'last.exitCode !== 0 || last.startedAtMs > 0)',
    ),
    'a run that was missed waits for the next day': edit(
      NEXT,
      'const endedAtMs = Math.min(last.endedAtMs, nowMs)',
      'const endedAtMs = nowMs',
    ),
    'every start makes a backup': edit(
      'ops/schedule/main.ts',
      'createProgress(Date.now(), readRecords(state))',
      'createProgress(Date.now())',
    ),
    'the metrics of the backups are not served': edit(
      'ops/schedule/main.ts',
      'metricsOf(progress) + metricFilesIn(metrics)',
      'metricsOf(progress)',
    ),
    'metrics that cannot be read take those of the scheduler with them': edit(
      'ops/schedule/metric-files.ts',
      '    return `# ${lineOf(error)}\\n`\n',
      '    throw error\n',
    ),
    'a file of metrics that cannot be read is passed over in silence': edit(
      'ops/schedule/metric-files.ts',
      'return `# ${lineOf(error)}\\n`',
      "return ''",
    ),
    'a missing variable is found when a job runs': edit(
      'ops/schedule/main.ts',
      '  for (const name of patterns.keys()) PROGRAMS[name]?.readSettings(process.env)\n',
      '',
    ),
    'of the variables of the backups only that of the database is asked for at the start': edit(
      'ops/schedule/jobs.ts',
      'const ofBackups = { readSettings }',
      'const ofBackups = { readSettings: readDatabaseUrl }',
    ),
    'a wrong schedule is found when its time comes': edit(
      'ops/schedule/options.ts',
      'isPattern(pattern), ',
      "pattern !== '', ",
    ),
  },
})
