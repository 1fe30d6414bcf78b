import { edit, edits, faults } from '../harness/setup.ts'

export default faults({
  'G1.0.2': {
    'a restore exchanges the passwords of the application and of the analytics': edits(
      {
        file: 'stack/backup/main.ts',
        find: "HMA_APP_PASSWORD_FILE: 'app-password'",
        replace: "HMA_APP_PASSWORD_FILE: 'analytics-password'",
      },
      {
        file: 'stack/backup/main.ts',
        find: "HMA_ANALYTICS_PASSWORD_FILE: 'analytics-password'",
        replace: "HMA_ANALYTICS_PASSWORD_FILE: 'app-password'",
      },
    ),
    'a restore exchanges the passwords of the ml server and of the monitoring': edits(
      {
        file: 'stack/backup/main.ts',
        find: "HMA_ML_PASSWORD_FILE: 'ml-password'",
        replace: "HMA_ML_PASSWORD_FILE: 'monitor-password'",
      },
      {
        file: 'stack/backup/main.ts',
        find: "HMA_MONITOR_PASSWORD_FILE: 'monitor-password'",
        replace: "HMA_MONITOR_PASSWORD_FILE: 'ml-password'",
      },
    ),
  },
  'G1.1.1': {
    'the scheduler has no right to write to its volume': edit(
      'docker/docker-compose.yml',
      '--state=/backups/',
      '--state=/proc/',
    ),
    'the service forgets its last runs with its container, so that each start backs up at once and not at its time':
      edit('docker/docker-compose.yml', '--state=/backups/schedule.json', '--state=/tmp/schedule.json'),
    'what the backups say of themselves is looked for in the container, where it never is': edit(
      'docker/docker-compose.yml',
      '      - --metrics=/backups\n',
      '      - --metrics=/tmp\n',
    ),
    'the engine asks whether the programs of the service start, and not how its jobs ended': edit(
      'docker/docker-compose.yml',
      `    volumes: ["backup-data:/backups"]
    tmpfs: ["/tmp:mode=1777,size=64m"]
    healthcheck:
      <<: *healthcheck
      test: ["CMD", "bash", "health.sh", "9187"]
`,
      `    volumes: ["backup-data:/backups"]
    tmpfs: ["/tmp:mode=1777,size=64m"]
    healthcheck:
      <<: *healthcheck
      test: ["CMD", "node", "--version"]
`,
    ),
    'the lock is in the temporary folder of each container': edit(
      'ops/backup/lock.ts',
      'const file = join(folder, `${name}.lock`)',
      "const file = join(process.env.TMPDIR ?? '/tmp', `${name}.lock`)",
    ),
  },
  'G1.1.4': {
    'a backup that was refused counts as done': edit(
      'stack/backup/main.ts',
      'return code ?? 1',
      'return code === 4 ? 0 : (code ?? 1)',
    ),
  },
  'G1.2.1': {
    'the script removes backups in a dry run, too': edit(
      'stack/backup/main.ts',
      'command, ...rest], {',
      "command, ...rest.filter((word) => word !== '--dry-run')], {",
    ),
  },
  'G1.2.2': {
    'the script accepts every size': edit(
      'stack/backup/main.ts',
      'command, ...rest], {',
      "command, ...(command === 'backup-prune' ? [...rest, '--accept-size'] : rest)], {",
    ),
  },
  'G1.3.1': {
    'the schedule lists the backups where it should restore the newest': edit(
      'ops/schedule/jobs.ts',
      "words: ['ops/backup/main.ts', 'restore-test']",
      "words: ['ops/backup/main.ts', 'backup', '--list']",
    ),
    'a failed restore test does not make the container of the backups unhealthy': edit(
      'ops/schedule/report.ts',
      '.filter(([, { last }]) => last.exitCode !== 0)',
      ".filter(([job, { last }]) => job !== 'restore-test' && last.exitCode !== 0)",
    ),
  },
  'G1.3.2': {
    'the service of the backups is not told the bucket of the application': edit(
      'docker/docker-compose.yml',
      '      HMA_BUCKET: ${HMA_BUCKET:-hma}\n      HMA_BACKUP_FOLDER: /backups\n',
      '      HMA_BACKUP_FOLDER: /backups\n',
    ),
    'the service of the backups lists its own bucket': edit(
      'docker/docker-compose.yml',
      '      HMA_BUCKET: ${HMA_BUCKET:-hma}\n      HMA_BACKUP_FOLDER: /backups\n',
      '      HMA_BUCKET: hma-backups\n      HMA_BACKUP_FOLDER: /backups\n',
    ),
  },
})
