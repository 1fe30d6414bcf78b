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
    'the page of the plan gives a workstream another name': edit(
      'docs/workstreams.md',
      '| G | Backups and DR |',
      '| G | Backups |',
    ),
    'the page of the plan renames a task': edit(
      'docs/workstreams.md',
      'A1.3 bucket created over the\nright network',
      'A1.3 bucket created',
    ),
    'the page of the plan has no goal for a workstream': edit(
      'docs/workstreams.md',
      '**Goal.** Age gate, least-privilege roles, data minimisation, audit coverage.\n',
      '',
    ),
    'the page of the plan states another goal than the acceptance list': edit(
      'docs/workstreams.md',
      '**Goal.** A health endpoint, a minimal contract, an integration smoke test.',
      '**Goal.** A health endpoint and a minimal contract.',
    ),
    'the page of the plan has no deliverables for a workstream': edit(
      'docs/workstreams.md',
      '**Deliverables.** README, `docs/`, runbooks, issue templates, labels.\n',
      '',
    ),
    'of the labels the first alone is made, because gh reads the others': edit(
      'scripts/labels.sh',
      ' </dev/null',
      '',
    ),
    'a label that gh refuses is nothing': edit(
      'scripts/labels.sh',
      '--force </dev/null',
      '--force </dev/null || true',
    ),
    'labels are removed': edit('scripts/labels.sh', 'gh label create', 'gh label delete'),
    'Vitest no longer finds the tests of a folder': edit(
      'vitest.config.ts',
      "'bench,config,harness,",
      "'bench,harness,",
    ),
    'Vitest is green whatever fails': edit(
      'vitest.config.ts',
      'process.chdir(import.meta.dirname)\n',
      "process.chdir(import.meta.dirname)\nprocess.on('exit', () => {\n  process.exitCode = 0\n})\n",
    ),
  },
})
