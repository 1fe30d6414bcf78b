import { edit, faults } from '../harness/setup.ts'

const CI = '.ci/run'
const GATE = 'timeout -k 120 3480 scripts/gate.sh'

export default faults({
  'D1.0.2': {
    'CI waits for the gate without a limit': edit(CI, GATE, 'scripts/gate.sh'),
    'CI waits for longer than the hour that it has': edit(CI, GATE, 'timeout -k 120 7200 scripts/gate.sh'),
    'CI waits for the end of the engine without a limit': edit(
      CI,
      'timeout -k 10 60 scripts/engine.sh',
      'scripts/engine.sh',
    ),
    'CI never kills a gate that ignores SIGTERM': edit(CI, GATE, 'timeout 3480 scripts/gate.sh'),
  },
  'D1.0.5': {
    'CI runs a part of it': edit(
      CI,
      '--without sign-off || failed=1',
      '--without sign-off --only types || failed=1',
    ),
    'CI does not look at its exit code': edit(
      CI,
      '--without sign-off || failed=1',
      '--without sign-off || true',
    ),
    'CI is green when no spec ran': edit(CI, '((passed > 0)) || failed=1\n', ''),
    'CI counts the specs of an earlier run': edit(CI, 'rm -rf .signoff\n', ''),
    'specs that did not run count as nothing': edit(CI, 'failed + notRun)', 'failed)'),
    'specs that failed count as nothing': edit(CI, 'failed + notRun)', 'notRun)'),
  },
})
