import { edit, faults } from '../harness/setup.ts'

export default faults({
  'H1.3.2': {
    'a package of the plan is not used': edit('package.json', '"umzug":', '"umzug2":'),
    'a label of the plan is missing': edit('.github/labels.yaml', 'name: good-first-issue', 'name: easy'),
    'an epic has another name': edit('docs/workstreams.md', 'D1 Quality gates |', 'D1 Gates |'),
    'a workstream depends on another': edit(
      'docs/workstreams.md',
      '| C | Security and compliance | B |',
      '| C | Security and compliance | A |',
    ),
    'the plan names a script that does not exist': edit(
      'docs/workstreams.md',
      '`scripts/seed.sh`',
      '`scripts/seeds.sh`',
    ),
    'the plan names a script that nothing runs': edit(
      'docs/workstreams.md',
      '`scripts/check.sh`',
      '`scripts/check.sh`, `scripts/newest-engine.sh`',
    ),
    'the plan names a profile that compose does not have': edit(
      'docs/workstreams.md',
      'profile `backup`,',
      'profile `backups`,',
    ),
    'the local check does not look at the check of shell scripts': edit(
      'scripts/check.sh',
      'scripts/check-shell.sh || failed=1',
      'scripts/check-shell.sh || true',
    ),
    'labels are removed': edit('scripts/labels.sh', 'gh label create', 'gh label delete'),
  },
})
