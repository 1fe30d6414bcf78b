import { edit, faults } from '../harness/setup.ts'

const OPERATIONS = 'docs/runbooks/operations.md'

export default faults({
  'B1.0.10': {
    'a runbook lets the superuser read a table': edit(
      'docs/runbooks/onboarding.md',
      'psql -h 127.0.0.1 -U hma_backup -d hma -v ON_ERROR_STOP=1',
      "psql -h 127.0.0.1 -U postgres -d hma -c 'select email from auth.users'",
    ),
  },
  'H1.1.2': {
    'a block has no language': edit(
      'docs/observability.md',
      '```sh not run: E1.1.1 starts the same services beside the stack of a spec\n',
      '```\n',
    ),
    'a block is only indented': edit(
      'docs/observability.md',
      '```sh not run: E1.1.1 starts the same services beside the stack of a spec\nscripts/setup-dev-environment.sh --observability\n```\n',
      '    scripts/setup-dev-environment.sh --observability\n',
    ),
    'commands are called a text': edit(
      'docs/quality-gate.md',
      '```sh not run: the whole takes 20 minutes and more; D1.0.5 runs it step by step\n',
      '```text\n',
    ),
    'a block says that it is run, and no spec types it': edit(
      'docs/observability.md',
      '```sh not run: E1.1.1 starts the same services beside the stack of a spec\n',
      '```sh run within=60\n',
    ),
    'the page on the gate misspells an option': edit(
      'docs/quality-gate.md',
      'scripts/gate.sh --list ',
      'scripts/gate.sh --lst ',
    ),
    'a block that is not run names a script that does not exist': edit(
      'README.md',
      'scripts/teardown.sh          # stops',
      'scripts/stop.sh              # stops',
    ),
    'a command is misspelt': edit(OPERATIONS, 'scripts/audit.sh verify\n', 'scripts/audit.sh check\n'),
    'a block that no spec types has an option that does not exist': edit(
      'docs/observability.md',
      'not run: E1.1.1 starts the same services beside the stack of a spec\nscripts/setup-dev-environment.sh --observability\n',
      'not run: E1.1.1 starts the same services beside the stack of a spec\nscripts/setup-dev-environment.sh --monitoring\n',
    ),
    'the move leaves its folder with the secrets behind, so the next move fails where it makes that folder':
      edit(OPERATIONS, 'scripts/smoke.sh\nrm -r moved\n', 'scripts/smoke.sh\n'),
    'a command of the README gets more words than its script takes': edit(
      'README.md',
      'scripts/seed.sh all          #',
      'scripts/seed.sh people models   #',
    ),
    'a block is left out, with a reason': edit(
      OPERATIONS,
      '```sh run within=60\nscripts/doctor',
      '```sh not run: the doctor is slow\nscripts/doctor',
    ),
    'the move to another machine has a block that nobody types': edit(
      OPERATIONS,
      'scripts/smoke.sh\nrm -r moved\n',
      'scripts/smoke.sh\n```\n```sh run within=30\nrm -r moved\n',
    ),
    'a block does not say how it is run': edit(OPERATIONS, '```sh run within=30\n', '```sh\n'),
    'a removed password is not made anew': edit(
      OPERATIONS,
      'app-password\nscripts/setup-dev-environment.sh --yes\n',
      'app-password\n',
    ),
    'a block writes into a secret, which is read-only': edit(
      OPERATIONS,
      'rm -f .hma/secrets/app-password\n',
      'echo "a-$RANDOM-new-password-$RANDOM" >.hma/secrets/app-password\n',
    ),
    'a block changes a file as only GNU sed can': edit(
      OPERATIONS,
      'rm migrations/*_drill.up.sql',
      'sed -i s/drill/exercise/ migrations/*_drill.up.sql\nrm migrations/*_drill.up.sql',
    ),
    'a block leaves the shell in another folder': edit(
      OPERATIONS,
      'scripts/compose.sh logs --tail 20\n',
      'scripts/compose.sh logs --tail 20\ncd docker\n',
    ),
    'the volumes are looked for by a label that none has': edit(
      OPERATIONS,
      'docker volume ls --filter "label=com.docker.compose.project=',
      'docker volume ls --filter "label=com.docker.compose.project.name=',
    ),
    'a section is renamed': edit(OPERATIONS, '## On call\n', '## Alerts\n'),
    'the objects do not reach the other machine': edit(
      OPERATIONS,
      'find /data -mindepth 1 -delete && tar --extract --directory /data',
      'cat >/dev/null',
    ),
    'a script that the runbook types is broken': edit(
      'scripts/audit.sh',
      'source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"\n',
      'source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"\nexit 1\n',
    ),
    'the daily look starts nothing': edit(
      OPERATIONS,
      'scripts/setup-dev-environment.sh --yes\nscripts/smoke.sh\nscripts/migrate.sh status\n',
      'scripts/migrate.sh status\n',
    ),
    'the exercise takes its migration away before anybody has seen it': edit(
      OPERATIONS,
      'scripts/migrate.sh down\nscripts/migrate.sh apply\n```\n',
      'scripts/migrate.sh down\nscripts/migrate.sh apply\nscripts/migrate.sh down\n```\n',
    ),
    'another secret is rotated than the page says': edit(
      OPERATIONS,
      'rm -f .hma/secrets/app-password\n',
      'rm -f .hma/secrets/monitor-password\n',
    ),
    'an upgrade builds the image and starts nothing with it': edit(
      OPERATIONS,
      'scripts/images.sh ensure\nscripts/setup-dev-environment.sh --yes\n',
      'scripts/images.sh ensure\n',
    ),
    'what is said of the volume leaves out the databases in use': edit(
      OPERATIONS,
      'from pg_database order by 2 desc',
      'from pg_database where datistemplate order by 2 desc',
    ),
    'on call one does not see what has ended': edit(
      OPERATIONS,
      'scripts/compose.sh ps --all\n',
      'scripts/compose.sh ps\n',
    ),
    'the database of the other machine is a new one': edit(
      OPERATIONS,
      'scripts/restore.sh --database hma --confirm hma\nscripts/smoke.sh\n',
      'scripts/smoke.sh\n',
    ),
    'the first act of an alert is misspelt': edit(
      OPERATIONS,
      'scripts/slow-queries.sh --order calls\n',
      'scripts/slow-queries.sh --sort calls\n',
    ),
    'the first act of an alert prints nothing': edit(
      OPERATIONS,
      'scripts/compose.sh --profile observability ps --all\n',
      'scripts/compose.sh --profile observability ps --all >/dev/null\n',
    ),
    'the reason why a block is not run names no criterion': edit(
      'docs/local-stack.md',
      'not run: H1.1.2 types the others; --follow never ends',
      'not run: --follow never ends; the runbooks run the others',
    ),
    'the reason why a block is not run names a criterion that does not exist': edit(
      'docs/schedule.md',
      'not run: G1.1.1 and B1.2.8 start',
      'not run: G1.1.1 and B1.2.88 start',
    ),
    'an alert has no first act': edit(OPERATIONS, '\n### CacheEvictions\n', '\n### Evictions\n'),
    'a new alert has no first act': edit(
      'docker/prometheus/rules.yml',
      '      - alert: CacheDown\n',
      '      - alert: CacheGone\n        expr: absent(redis_up)\n      - alert: CacheDown\n',
    ),
  },
})
