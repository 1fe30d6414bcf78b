import { edit, faults } from '../harness/setup.ts'

const RUNBOOK = 'docs/runbooks/onboarding.md'

export default faults({
  'H1.0.2': {
    'the set-up needs a program that the README does not name': edit(
      'scripts/dependencies.sh',
      'stamp=node_modules/.hma-lock\n',
      'stamp=node_modules/.hma-lock\nform=$(jq .lockfileVersion package-lock.json)\n((form >= 3))\n',
    ),
    'the README does not name npm': edit(
      'README.md',
      'Node 20 or newer with npm, Bash',
      'Node 20 or newer, Bash',
    ),
    'the set-up ends before the stack is up': edit(
      'scripts/setup-dev-environment.sh',
      'cd "$HMA_ROOT"\n',
      'cd "$HMA_ROOT"\nexit 3\n',
    ),
    'the first command of the readme has an option that the set-up does not know': edit(
      'README.md',
      'scripts/setup-dev-environment.sh   # the stack: started',
      'scripts/setup-dev-environment.sh --seed   # the stack: started',
    ),
    'npm refuses the node 20 that the readme calls enough': edit(
      '.npmrc',
      'engine-strict=false',
      'engine-strict=true',
    ),
    'the set-up refuses the node 20 that the readme calls enough': edit(
      'scripts/dependencies.sh',
      'stamp=node_modules/.hma-lock\n',
      'stamp=node_modules/.hma-lock\n[[ $(node --version) == v2[4-9].* ]] || exit 3\n',
    ),
    'a registry that swallows requests is waited for ten minutes before a stand-in is built': edit(
      'stack/images/pull.ts',
      'const FIRST_LINE_MS = 10_000',
      'const FIRST_LINE_MS = 600_000',
    ),
    'the runbook does not begin with the set-up': edit(
      RUNBOOK,
      '```sh run within=540\nscripts/setup-dev-environment.sh --yes\n',
      '```sh run within=540\nscripts/dependencies.sh\n',
    ),
    'a clone lacks a file, which git leaves out': edit('.gitignore', '*.log\n', '*.log\nlib.sh\n'),
    'the runbook does not begin with the clone': edit(
      RUNBOOK,
      '```sh run within=60\ngit clone "$REPOSITORY" hma\n```\n',
      '',
    ),
    'no step of the set-up says how long it took': edit(
      'stack/setup/main.ts',
      'seconds: Math.round((performance.now() - began) / 100) / 10 }',
      'seconds: Math.round((performance.now() - performance.now()) / 100) / 10 }',
    ),
  },
  'H1.1.1': {
    'a command is misspelt': edit(RUNBOOK, 'scripts/env.sh where ', 'scripts/env.sh places '),
    'a block is not run': edit(RUNBOOK, '```sh run within=120\n', '```sh not run: it takes too long\n'),
    'a block has no language, and is not run': edit(RUNBOOK, '```sh run within=120\n', '```\n'),
    'a block leaves the shell in another folder': edit(
      RUNBOOK,
      'scripts/smoke.sh              # uses each service as the application does\n',
      'scripts/smoke.sh              # uses each service as the application does\ncd docker && docker compose ps\n',
    ),
    'a block has an exclamation mark that a shell takes for its history': edit(
      RUNBOOK,
      "echo 'select email from auth.users order by email'",
      `echo "select email from auth.users where email !~ 'noreply' order by email"`,
    ),
    'a query names a table that does not exist': edit(RUNBOOK, 'from auth.users', 'from auth.people'),
    'no address of a service is printed': edit(
      'config/main.ts',
      "${url ?? '-'}`)",
      "-`, url === undefined ? '' : '(runs)')",
    ),
    'the query finds no user': edit(
      RUNBOOK,
      'select email from auth.users order by email',
      'select email from auth.users where email = current_user order by email',
    ),
  },
})
