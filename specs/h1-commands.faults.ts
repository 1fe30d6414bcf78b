import { edit, faults } from '../harness/setup.ts'

const OPERATIONS = 'docs/runbooks/operations.md'

export default faults({
  'H1.1.2': {
    'the README misspells a script of npm': edit(
      'README.md',
      'npm run bench leases ',
      'npm run benhc leases ',
    ),
    'a script of npm that a document types is renamed': edit(
      'package.json',
      '"mutants": "node',
      '"mutate": "node',
    ),
    'the page on mutants misspells an option': edit(
      'docs/mutants.md',
      '-- --object auth.users',
      '-- --opject auth.users',
    ),
    'the proof no longer names an option': edit('harness/proof/prove.ts', '--keep', '--store'),
    'the contributing guide names specs that do not exist': edit(
      'CONTRIBUTING.md',
      'specs/a1-environment*',
      'specs/a1-variables*',
    ),
    'the page on backups names tests that do not exist': edit(
      'docs/backups.md',
      'npx vitest run specs/g1',
      'npx vitest run specs/backups',
    ),
    'a pull request is told to prove a criterion that does not exist': edit(
      '.github/pull_request_template.md',
      'npm run prove B1.1.7',
      'npm run prove B1.1.17',
    ),
    'the audit log has no form for prod': edit(
      OPERATIONS,
      '| `scripts/audit.sh prepare` | `scripts/compose.sh --variant prod exec -T audit node ops/audit/job.ts prepare` |\n| `scripts/audit.sh verify` | `scripts/compose.sh --variant prod exec -T audit node ops/audit/job.ts verify` |\n',
      '',
    ),
    'the page says that the smoke test takes prod': edit(
      OPERATIONS,
      '`scripts/restore.sh` and `scripts/restore-test.sh` anywhere',
      '`scripts/restore.sh`, `scripts/restore-test.sh` and `scripts/smoke.sh` anywhere',
    ),
    'the backup no longer says that it takes prod': edit(
      'scripts/backup.sh',
      '[--variant dev|test|prod] [--lock-wait',
      '[--variant dev|test] [--lock-wait',
    ),
    'the form for prod names a program that does not exist': edit(
      OPERATIONS,
      'migrate migrations/runner/main.ts status',
      'migrate migrations/main.ts status',
    ),
    'the form for prod names a service that does not exist': edit(
      OPERATIONS,
      'exec -T audit node ops/audit/job.ts verify',
      'exec -T auditor node ops/audit/job.ts verify',
    ),
  },
})
