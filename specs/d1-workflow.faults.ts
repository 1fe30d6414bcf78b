import { edit, edits, faults } from '../harness/setup.ts'

const GATE = '.github/workflows/quality-gate.yml'
const DECIDE = 'scripts/gate-decide.sh'
const VERDICT = 'scripts/gate-verdict.sh'
const STEPS = 'stack/gate/steps.ts'
const SEEDS = '        run: scripts/gate.sh --only seeds\n'

export default faults({
  'D1.0.1': {
    'any tag starts it': edits(
      { file: GATE, find: 'tags: ["alpha-*"]', replace: 'tags: ["*"]' },
      { file: DECIDE, find: "'push refs/tags/alpha-'*)", replace: "'push refs/tags/'*)" },
    ),
    'a tag of another kind starts it, too': edits(
      { file: GATE, find: 'tags: ["alpha-*"]', replace: 'tags: ["alpha-*", "beta-*"]' },
      {
        file: DECIDE,
        find: "'push refs/tags/alpha-'*)",
        replace: "'push refs/tags/alpha-'* | 'push refs/tags/beta-'*)",
      },
    ),
    'a branch starts it': edits(
      { file: GATE, find: 'tags: ["alpha-*"]', replace: 'tags: ["alpha-*"]\n    branches: ["main"]' },
      { file: DECIDE, find: "'push refs/tags/alpha-'*)", replace: "'push refs/'*)" },
    ),
    'a tag that only contains alpha starts it': edits(
      { file: GATE, find: 'tags: ["alpha-*"]', replace: 'tags: ["*alpha-*"]' },
      { file: DECIDE, find: "'push refs/tags/alpha-'*)", replace: "'push refs/tags/'*alpha-*)" },
    ),
    'a push to a pull request starts it': edit(GATE, 'types: [labeled]', 'types: [labeled, synchronize]'),
    'it starts on a schedule': edit(
      GATE,
      '  workflow_dispatch:\n',
      '  workflow_dispatch:\n  schedule: [{ cron: "0 0 * * *" }]\n',
    ),
    'any label starts it': edits(
      { file: GATE, find: " || github.event.label.name == 'run-acceptance'\n", replace: ' || true\n' },
      { file: DECIDE, find: " run-acceptance false')", replace: " '*' false')" },
    ),
    'another label starts it where the pull request has the agreed one already': edits(
      {
        file: GATE,
        find: " || github.event.label.name == 'run-acceptance'\n",
        replace: " || contains(github.event.pull_request.labels.*.name, 'run-acceptance')\n",
      },
      {
        file: GATE,
        find: 'LABEL: ${{ github.event.label.name }}',
        replace:
          "LABEL: ${{ contains(github.event.pull_request.labels.*.name, 'run-acceptance') && 'run-acceptance' }}",
      },
    ),
    'only an alpha tag that goes on with a digit starts it': edit(
      DECIDE,
      "'push refs/tags/alpha-'*)",
      "'push refs/tags/alpha-'[0-9]*)",
    ),
    'a draft starts it': edit(DECIDE, " run-acceptance false')", " run-acceptance '*)"),
    'it cannot be started by hand': edit(GATE, '  workflow_dispatch:\n', ''),
    'by hand it runs on main alone': edit(
      DECIDE,
      "'workflow_dispatch refs/heads/'* | 'workflow_dispatch refs/tags/'*)",
      "'workflow_dispatch refs/heads/main '*)",
    ),
    'by hand it runs on a branch alone': edit(DECIDE, " | 'workflow_dispatch refs/tags/'*)", ')'),
    'the label of the gate is another': edit(DECIDE, ' run-acceptance false', ' run-gate false'),
    'the stack is started whatever was decided': edit(
      GATE,
      "    name: Checks and stack\n    needs: decide\n    if: needs.decide.outputs.run == 'true'",
      '    name: Checks and stack\n    needs: decide\n    if: always()',
    ),
    'another label cancels a gate that runs': edit(
      GATE,
      "(github.event.label.name == 'run-acceptance' && github.event.number || github.run_id)",
      'github.event.number',
    ),
    'all alpha tags share one concurrency group, so the pending gate of a tag is cancelled when the next tag comes':
      edit(
        GATE,
        'github.event.number || github.run_id) || github.ref }}',
        'github.event.number || github.run_id) || github.event_name }}',
      ),
    'a second start of a tag cancels its gate that runs': edit(
      GATE,
      "cancel-in-progress: ${{ github.event_name == 'pull_request' }}",
      'cancel-in-progress: true',
    ),
  },
  'D1.0.2': {
    'a job has no timeout': edit(GATE, '    timeout-minutes: 120\n', ''),
    'a step has no timeout': edit(
      GATE,
      'run: scripts/gate.sh --only smoke\n        timeout-minutes: 2',
      'run: scripts/gate.sh --only smoke',
    ),
    'a job ends before its steps': edit(GATE, 'timeout-minutes: 151', 'timeout-minutes: 30'),
    'GitHub ends a step before it ends itself': edit(
      STEPS,
      "onStack('seeds', MINUTE,",
      "onStack('seeds', 3 * MINUTE,",
    ),
  },
  'D1.0.3': {
    'the verdict needs one job less': edit(
      GATE,
      'needs: [decide, stack, acceptance, sign-off]',
      'needs: [decide, acceptance, sign-off]',
    ),
    'the verdict is skipped when a job failed': edit(
      GATE,
      "if: always() && needs.decide.result != 'skipped'",
      'if: success()',
    ),
    'the verdict is skipped when the specs were cancelled': edit(
      GATE,
      "if: always() && needs.decide.result != 'skipped'",
      "if: always() && needs.decide.result != 'skipped' && needs.acceptance.result != 'cancelled'",
    ),
    'the verdict is skipped when the run is cancelled': edit(
      GATE,
      "if: always() && needs.decide.result != 'skipped'",
      "if: always() && !cancelled() && needs.decide.result != 'skipped'",
    ),
    'a skipped job counts as success': edit(
      VERDICT,
      'result === "success"',
      '["success", "skipped"].includes(result)',
    ),
    'only a failure counts': edit(VERDICT, 'result === "success"', 'result !== "failure"'),
    'the script exits with 0 whatever it reads': edit(
      VERDICT,
      "|| die 1 'not every job",
      "|| say 'not every job",
    ),
    'no result at all is a success': edit(
      VERDICT,
      '[[ -n "$results" ]] || die 2',
      '[[ -n "$results" ]] || exit 0; true',
    ),
    'the results of a step are ignored': edit(
      GATE,
      '      - name: Smoke test\n',
      '      - name: Smoke test\n        continue-on-error: true\n',
    ),
    'the script reads the results of no job': edit(
      GATE,
      'RESULTS: ${{ toJSON(needs) }}',
      'RESULTS: ${{ toJSON(needs.decide) }}',
    ),
  },
  'D1.1.3': {
    'a failure of set-up, smoke, migrations or seeds does not fail their job on github': edit(
      GATE,
      '    name: Checks and stack\n',
      '    name: Checks and stack\n    continue-on-error: true\n',
    ),
    'the workflow runs the seeds for tags alone': edit(
      GATE,
      SEEDS,
      `        if: github.ref_type == 'tag'\n${SEEDS}`,
    ),
    'the workflow leaves out the migrations': edit(
      GATE,
      '      - name: Migrations\n        run: scripts/gate.sh --only migrations\n        timeout-minutes: 4\n',
      '',
    ),
  },
})
