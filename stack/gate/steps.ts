// The steps of the gate, in their order. Each is commands that a developer can type; .github/workflows/quality-gate.yml calls them
// one by one, and a spec compares both.

export interface GateStep {
  name: string
  /** They run one after the other, and the first that fails ends the step. */
  commands: string[][]
  /** Limit for all of its commands. What they wait for themselves ends earlier, all of it together. */
  seconds: number
  /** Runs after another step has failed too: a check that needs no container, and the teardown. */
  runsAfterFailure?: true
  /** Works on the gate's own stack. */
  stack?: true
}

const MINUTE = 60

export interface GateScope {
  /** `2/4` on the second of four machines. */
  part?: string | undefined
  /** Signs off the parts of all machines. */
  joinsParts?: boolean
}

export function gateSteps({ part, joinsParts = false }: GateScope = {}): GateStep[] {
  const ofPart = part === undefined ? [] : ['--shard', part]
  const signOff = ['scripts/accept.sh', 'sign-off', '--so-far', ...(joinsParts ? ['--parts'] : [])]
  return [
    { name: 'provide', seconds: 50 * MINUTE, commands: [['scripts/provide.sh']] },
    check('types', 3 * MINUTE, ['tsc']),
    check('lint', MINUTE, ['biome', 'check', '--error-on-warnings'], ['knip', '--no-progress']),
    check('shell', 3 * MINUTE, ['scripts/check-shell.sh']),
    check('sql', 4 * MINUTE, ['scripts/check-sql.sh']),
    check('workflows', 10 * MINUTE, ['scripts/check-workflows.sh']),
    check('unit', 5 * MINUTE, ['vitest', 'run', '--project', 'unit']),
    onStack('compose', MINUTE, ...composeChecks()),
    onStack('set-up', 15 * MINUTE, ['scripts/setup-dev-environment.sh', '--yes']),
    onStack('smoke', MINUTE, ['scripts/smoke.sh']),
    onStack('migrations', 3 * MINUTE, ['scripts/migrate.sh', 'apply'], ['scripts/migrate.sh', 'status']),
    onStack('seeds', MINUTE, ['scripts/seed.sh', 'all']),
    { ...onStack(TEARDOWN, 4 * MINUTE, ['scripts/teardown.sh', '--data']), runsAfterFailure: true },
    { name: 'acceptance', seconds: 56 * MINUTE, commands: [['scripts/accept.sh', 'specs', ...ofPart]] },
    {
      name: 'faults',
      seconds: 30 * MINUTE,
      commands: [['scripts/accept.sh', 'faults', '--first', ...ofPart]],
    },
    { name: 'sign-off', seconds: 5 * MINUTE, commands: [signOff] },
  ]
}

export const TEARDOWN = 'teardown'

/** As the plan types it, in a clone without .env. Prod is refused without its secrets, which A1.2.2 proves. */
function composeChecks(): string[][] {
  const compose = ['docker', 'compose', '-f', 'docker/docker-compose.yml']
  const render = ['config', '--quiet']
  return [
    [...compose, ...render],
    [...compose, '-f', 'docker/docker-compose.test.yml', ...render],
  ]
}

function check(name: string, seconds: number, ...commands: string[][]): GateStep {
  return { name, seconds, commands, runsAfterFailure: true }
}

function onStack(name: string, seconds: number, ...commands: string[][]): GateStep {
  return { name, seconds, commands, stack: true }
}
