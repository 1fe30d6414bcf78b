// Every kind of event that GitHub could send to the workflow of the gate, and which of them it is for.
import type { Event } from './workflows.ts'

export const LABELLED = {
  name: 'pull_request',
  ref: 'refs/pull/7/merge',
  action: 'labeled',
  label: 'run-acceptance',
}
export const MANUAL = { name: 'workflow_dispatch', ref: 'refs/heads/main' }
export const TAGGED = { name: 'push', ref: 'refs/tags/alpha-1' }

const BRANCHES = ['main', 'alpha-1', 'ws/database/alpha-1'].map((name) => `refs/heads/${name}`)
const TAGS = ['alpha-1', 'alpha-0.2.0', 'alpha-rc', 'v1', 'beta-1', 'pre-alpha-1', 'alpha'].map(
  (name) => `refs/tags/${name}`,
)
const REF_EVENTS = ['push', 'workflow_dispatch', 'schedule', 'workflow_run', 'release', 'create']
const PULL_EVENTS = ['pull_request', 'pull_request_target']
const ACTIONS = ['labeled', 'unlabeled', 'synchronize', 'opened']
const LABELS = ['run-acceptance', 'docs', 'run-acceptance-later']
const HAD = [{}, { had: ['docs'] }, { had: ['run-acceptance'] }]

/** Events with each ref, and those of a pull request, whose ref is its own, with each action, label, earlier label and as a draft. */
export const EVENTS: Event[] = [
  ...REF_EVENTS.flatMap((name) => [...BRANCHES, ...TAGS].map((ref) => ({ name, ref }))),
  ...PULL_EVENTS.flatMap((name) =>
    ACTIONS.flatMap((action) =>
      LABELS.flatMap((label) =>
        HAD.flatMap((had) =>
          [{}, { draft: true }].map((draft) => ({ ...LABELLED, name, action, label, ...had, ...draft })),
        ),
      ),
    ),
  ),
]

/** For an alpha tag, by hand on whatever ref, and for the label on a pull request that is no draft. */
export function isForGate({ name, ref, action, label, draft = false }: Event): boolean {
  if (name === 'push') return ref.startsWith('refs/tags/alpha-')
  const isLabelled = action === 'labeled' && label === 'run-acceptance'
  return name === 'workflow_dispatch' || (name === 'pull_request' && isLabelled && !draft)
}
