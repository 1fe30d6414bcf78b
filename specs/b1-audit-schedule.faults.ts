import { edit, faults } from '../harness/setup.ts'

const BASE = 'docker/docker-compose.yml'
const without = (line: string) => edit(BASE, `      - --job=${line}\n`, '')
const rarely = (job: string, from: string, to: string) =>
  edit(BASE, `--job=${job}=${from}`, `--job=${job}=${to}`)

export default faults({
  'B1.2.8': {
    'the stack does not prepare months': without('prepare=7 0 * * *'),
    'the stack does not seal': without('seal=17 * * * *'),
    'the stack does not verify': without('verify=37 2 * * *'),
    'the stack does not remove expired months': without('remove-expired=57 3 * * *'),
    'the stack seals once a year': rarely('seal', '17 * * * *', '17 3 1 1 *'),
    'the stack verifies on working days only': rarely('verify', '37 2 * * *', '37 2 * * 1-5'),
    'the service starts in a profile alone': edit(
      BASE,
      '  audit:\n    <<: *confined\n',
      '  audit:\n    <<: *confined\n    profiles: [tools]\n',
    ),
    'the service works on another database': edit(
      BASE,
      'postgres://hma_migrator@postgres:5432/hma\n      HMA_DATABASE_PASSWORD_FILE: /run/secrets/migrator-password\n    secrets: [migrator-password]',
      'postgres://hma_migrator@postgres:5432/postgres\n      HMA_DATABASE_PASSWORD_FILE: /run/secrets/migrator-password\n    secrets: [migrator-password]',
    ),
    'compose does not ask the scheduler whether it is healthy': edit(
      BASE,
      'test: ["CMD", "bash", "health.sh", "9187"]\n    depends_on: { migrate',
      'test: ["CMD", "true"]\n    depends_on: { migrate',
    ),
    'a job runs at the start and never again': edit(
      'ops/schedule/next-start.ts',
      'const regular = nextTime(timing, endedAtMs)',
      'const regular = Number.POSITIVE_INFINITY',
    ),
    'the last runs are forgotten at a start': edit(
      'ops/schedule/main.ts',
      'createProgress(Date.now(), readRecords(state))',
      'createProgress(Date.now())',
    ),
    'a failed job is healthy': edit('ops/schedule/report.ts', 'last.exitCode !== 0', 'last.exitCode > 128'),
    'the healthcheck exits with 0 whatever it hears': edit(
      'docker/health.sh',
      '[[ "$status" == 200 ]]',
      '[[ "$status" ]]',
    ),
    'the metric shows every run as successful': edit(
      'ops/schedule/report.ts',
      "'hma_schedule_last_exit_code', job, last.exitCode",
      "'hma_schedule_last_exit_code', job, 0",
    ),
    'a run that was stopped counts as one that ended': edit(
      'ops/schedule/run-to-end.ts',
      'if (stop.aborted) return undefined',
      'if (stop.aborted) return 0',
    ),
    'SIGTERM does not end a run in progress': edit(
      'ops/schedule/run-to-end.ts',
      "signalGroup(pid, 'SIGTERM')",
      "signalGroup(undefined, 'SIGTERM')",
    ),
    'after a failed job the others wait': edit(
      'ops/schedule/scheduler.ts',
      'if (exitCode === undefined) return',
      'if (exitCode !== 0) return',
    ),
  },
})
