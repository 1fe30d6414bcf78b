import { edit, edits, faults } from '../harness/setup.ts'

const ENVIRONMENT = 'stack/gate/environment.ts'
const MAIN = 'stack/gate/main.ts'
const PROCESSES = 'stack/gate/processes.ts'
const RUN = 'stack/gate/run-step.ts'
const STEPS = 'stack/gate/steps.ts'
const SMOKE = "['scripts/smoke.sh']"

export default faults({
  'D1.0.2': {
    'a step has no limit': edit(RUN, 'AbortSignal.any([limit, stop])', 'stop'),
    'only the step itself is ended': edit(
      PROCESSES,
      'return rows.filter(({ pid }) => found.has(pid))',
      'return rows.filter(({ pid }) => pid === root)',
    ),
    'a step that ignores SIGTERM stays': edit(RUN, 'KILL_AFTER_MS)', '1e9)'),
    'what a hanging step started and what ignores sigterm lives on when its parent ends at sigterm': edit(
      RUN,
      "  await ended\n  clearTimeout(late)\n  signalAll([...tree, ...processesUnder(pid)], 'SIGKILL')\n",
      '  await ended\n  clearTimeout(late)\n',
    ),
    'what a hanging step starts after it was told to end lives on': edits(
      {
        file: RUN,
        find: "signalAll([...tree, ...processesUnder(pid)], 'SIGKILL'), KILL",
        replace: "signalAll(tree, 'SIGKILL'), KILL",
      },
      {
        file: RUN,
        find: "clearTimeout(late)\n  signalAll([...tree, ...processesUnder(pid)], 'SIGKILL')",
        replace: "clearTimeout(late)\n  signalAll(tree, 'SIGKILL')",
      },
    ),
    'what a hanging step starts when it ends lives on': edit(
      RUN,
      "clearTimeout(late)\n  signalAll([...tree, ...processesUnder(pid)], 'SIGKILL')",
      "clearTimeout(late)\n  signalAll(tree, 'SIGKILL')",
    ),
    'a process whose parent has ended is looked for in the group of the step alone': edit(
      PROCESSES,
      'group === root || session === root',
      'group === root',
    ),
    'a step shares the session of the gate, so what its parent left behind is not found': edit(
      RUN,
      'env, detached: true, stdio',
      'env, stdio',
    ),
    'each command of a step has the whole limit': edits(
      { file: RUN, find: '  const limit = AbortSignal', replace: '  let limit = AbortSignal' },
      {
        file: RUN,
        find: 'of commands) {\n',
        replace: 'of commands) {\n    limit = AbortSignal.timeout(seconds * 1000)\n',
      },
    ),
    'a step that hung counts as passed when it ends with 0': edits(
      { file: RUN, find: '    : limit.aborted\n', replace: '    : limit.aborted && exitCode !== 0\n' },
      { file: RUN, find: 'exitCode: limit.aborted ? EXIT.outOfTime : exitCode', replace: 'exitCode' },
    ),
    'a step that hung counts as passed': edits(
      { file: RUN, find: "? 'out of time'", replace: "? 'passed'" },
      { file: RUN, find: 'exitCode: limit.aborted ? EXIT.outOfTime : exitCode', replace: 'exitCode: 0' },
    ),
  },
  'D1.0.3': {
    'a gate whose terminal is closed ends at once, and reports nothing': edit(MAIN, ", 'SIGHUP'", ''),
    'a gate whose step ends with 0 when it is interrupted counts as passed': edit(
      MAIN,
      "first?.state === 'interrupted' || ",
      '',
    ),
    'a gate that is interrupted during its teardown, and then leaves out the specs, counts as passed': edit(
      MAIN,
      " || first?.state === 'not run'",
      '',
    ),
    'faults that are left out, because the specs failed or did not run, are a success': edit(
      'scripts/accept.sh',
      'return "$specs_exit"',
      'return 0',
    ),
  },
  'D1.0.5': {
    'a failure does not fail the gate': edit(MAIN, '?.exitCode ?? 0', '?.exitCode && 0'),
    'of several commands of a step the last is left out': edit(
      RUN,
      'of commands) {',
      'of commands.slice(0, Math.max(1, commands.length - 1))) {',
    ),
    'everything runs after a failure': edit(MAIN, 'hasFailed && !step.runsAfterFailure', 'false'),
    'the stack stays after a failure': edit(
      MAIN,
      '? results.some(({ step: name, state })',
      '? hasFailed || results.some(({ step: name, state })',
    ),
  },
  'D1.1.3': {
    'the smoke test is left out': edit(STEPS, SMOKE, "['true']"),
    'the migrations are only listed': edit(STEPS, "['scripts/migrate.sh', 'apply'], ", ''),
    'only the last command of a step decides, so an apply that fails is hidden by the status after it': edit(
      RUN,
      '    if (exitCode !== 0) break\n',
      '    if (limit.aborted || stop.aborted) break\n',
    ),
    'compose is not validated': edit(STEPS, '...composeChecks()', "['true']"),
    'the compose file of test is not validated': edit(
      STEPS,
      "    [...compose, '-f', 'docker/docker-compose.test.yml', ...render],\n",
      '',
    ),
    'it works on the stack of the developer': edit(ENVIRONMENT, "?? 'hma'}-gate`", "?? 'hma'}`"),
    'it works at the ports of the developer': edit(
      ENVIRONMENT,
      'PORTS_ABOVE_DEV = 20_000',
      'PORTS_ABOVE_DEV = 0',
    ),
    'it works on the database that the shell names': edit(ENVIRONMENT, '!LEFT_OUT.has(name)', "name !== ''"),
    'the stack is kept': edit(STEPS, "['scripts/teardown.sh', '--data']", "['true']"),
  },
  'F1.2.2': {
    'the workflow runs no smoke test': edit(
      '.github/workflows/quality-gate.yml',
      'run: scripts/gate.sh --only smoke\n',
      'run: scripts/gate.sh --only compose\n',
    ),
    'the gate does not look at the smoke test': edit(STEPS, SMOKE, "['true']"),
    'the gate smoke-tests one service': edit(STEPS, SMOKE, "['scripts/smoke.sh', '--only', 'postgres']"),
    'the workflow leaves the smoke test out for a pull request': edit(
      '.github/workflows/quality-gate.yml',
      '        run: scripts/gate.sh --only smoke\n',
      "        if: github.event_name != 'pull_request'\n        run: scripts/gate.sh --only smoke\n",
    ),
  },
})
