import { edit, faults } from '../harness/setup.ts'

const LABELS = '.github/labels.yaml'
const EPIC = '.github/ISSUE_TEMPLATE/workstream-epic.md'
const TASK = '.github/ISSUE_TEMPLATE/task.md'
const PLAN = 'docs/workstreams.md'
const PULL_REQUEST = '.github/pull_request_template.md'
const OWNERS = '.github/CODEOWNERS'
const TO_DO = 'MVP_TODO.md'

export default faults({
  'H1.3.1': {
    'a workstream has no label': edit(LABELS, 'name: backups', 'name: backup'),
    'the label of the gate is missing': edit(LABELS, 'name: run-acceptance', 'name: run-tests'),
    'there is a label that the plan does not have': edit(
      LABELS,
      '- { name: docs',
      '- { name: bug, color: "d73a4a", description: "x" }\n- { name: docs',
    ),
    'the colour of a label is a number for YAML': edit(LABELS, 'color: "5319e7"', 'color: 5319e7'),
    'a label has no description': edit(
      LABELS,
      'description: "H: README, runbooks, onboarding"',
      'description: ""',
    ),
    'the head of the template of an epic is no YAML': edit(
      EPIC,
      'title: "[A1] Compose hardening"',
      'title: [A1] Compose hardening',
    ),
    'the template of an epic has no name for GitHub': edit(
      EPIC,
      'name: Workstream epic',
      'title2: Workstream epic',
    ),
    'the template of an epic asks for no criteria': edit(EPIC, '**Acceptance criteria**', '**Notes**'),
    'the template of a task asks for no fault': edit(TASK, '**Fault**', '**Notes**'),
    'done no longer means green smoke tests': edit(TASK, '- [ ] smoke tests green (`scripts/smoke.sh`)', ''),
    'done no longer means merged': edit(TASK, '- [ ] merged to main\n', ''),
    'an epic is done without its documentation': edit(EPIC, '- [ ] documentation updated\n', ''),
    'done means less in the plan than in the templates': edit(
      PLAN,
      'merged to main, documentation updated, smoke tests green',
      'merged to main, smoke tests green',
    ),
    'a pull request does not say which smoke step was run': edit(
      PULL_REQUEST,
      '**Smoke step that was run before the push**',
      '**Notes**',
    ),
    'a pull request does not name its epic': edit(
      PULL_REQUEST,
      '**Epic and criteria**\nFor example B1: B1.1.7\n\n',
      '',
    ),
    'a pull request need not have a fault': edit(
      PULL_REQUEST,
      '- [ ] each criterion has its spec and its fault\n',
      '',
    ),
    'a milestone has another name in the list of what is left': edit(TO_DO, '## alpha: ', '## beta: '),
    'the template of an epic knows one milestone alone': edit(EPIC, 'MVP or alpha', 'MVP'),
    'what is left names a criterion that does not exist': edit(
      TO_DO,
      'A1.0.1, A1.0.3, ',
      'A1.0.1, A1.0.99, A1.0.3, ',
    ),
    'what is left names an issue instead of criteria': edit(
      TO_DO,
      '| all |\n| answers',
      '| issue "Alerts" |\n| answers',
    ),
    'what is left hides a hole that is known': edit(TO_DO, 'E1.2.2, ', ''),
    'a workstream is not asked about a folder that it lives in': edit(
      OWNERS,
      '/ops/audit/           @hma/database\n',
      '',
    ),
    'a later rule takes a folder from its workstream': edit(
      OWNERS,
      '/docs/                @hma/docs\n',
      '/docs/                @hma/docs\n/stack/                @hma/infra\n',
    ),
    'a rule about owners is for a folder that does not exist': edit(
      OWNERS,
      '/ml-stub/             @hma/ml',
      '/ml/                  @hma/ml',
    ),
    'a team of no workstream is asked': edit(
      OWNERS,
      '/.ci/                 @hma/ci-cd',
      '/.ci/                 @hma/devops',
    ),
    'nobody is asked about the seeds': edit(OWNERS, '/seeds/               @hma/database', '/seeds/'),
    'the table of the plan leaves out a task': edit(PLAN, 'H1.1 · H1.2 · H1.3', 'H1.1 · H1.2'),
    'the plan ends before the last criteria of an epic': edit(PLAN, 'A1.0.1 to A1.4.7', 'A1.0.1 to A1.4.4'),
    'the plan leaves out a task': edit(
      PLAN,
      'H1.2 recovery drills · H1.3 templates',
      'H1.2 recovery drills · templates',
    ),
    'the contributing guide states another branch rule': edit(
      'CONTRIBUTING.md',
      'ws/<workstream>/<short-topic>',
      '<epic>/<what>',
    ),
    'the template of a task leaves out a workstream': edit(TASK, 'backups or docs.', 'or backups.'),
    'the template of a task offers a label that is none': edit(
      TASK,
      'backups or docs.',
      'backups, docs or design.',
    ),
    'the template of a pull request states another branch rule': edit(
      '.github/pull_request_template.md',
      '**What changes, and why**\n',
      'Branch: `feature/<topic>`\n\n**What changes, and why**\n',
    ),
    'an example of a runbook breaks the branch rule': edit(
      'docs/runbooks/onboarding.md',
      'has a recipe for each kind of change',
      'has a recipe for each kind of change, on a branch such as `feature/session-expiry`',
    ),
    'an example breaks the branch rule': edit(
      'CONTRIBUTING.md',
      'ws/database/session-expiry',
      'b1/session-expiry',
    ),
  },
})
