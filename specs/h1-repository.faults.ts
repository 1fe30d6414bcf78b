import { edit, faults } from '../harness/setup.ts'

const LABELS = '.github/labels.yaml'
const EPIC = '.github/ISSUE_TEMPLATE/workstream-epic.md'
const TASK = '.github/ISSUE_TEMPLATE/task.md'
const PLAN = 'docs/workstreams.md'

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
