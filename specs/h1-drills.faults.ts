import { edit, edits, faults } from '../harness/setup.ts'

const DRILLS = 'docs/recovery-drills.md'

export default faults({
  'H1.2.1': {
    'a drill states less than its block may take': edit(
      DRILLS,
      '| Lost volume | 120 s',
      '| Lost volume | 20 s',
    ),
    'a drill is missing': edit(DRILLS, '## Full disk\n', '## Disk full\n'),
    'a drill restores nothing': edit(DRILLS, 'scripts/audit.sh prepare\n', 'true\n'),
    'a drill restores with a command that does not exist': edit(
      DRILLS,
      'scripts/restore.sh --database hma_old\n',
      'scripts/restore.sh --into hma_old\n',
    ),
    'a restore confirms itself what it replaces': edit(
      'scripts/restore.sh',
      'stack/backup/main.ts" restore "$@"',
      'stack/backup/main.ts" restore --confirm hma "$@"',
    ),
    'a restore does not replace the database': edit(
      DRILLS,
      'scripts/restore.sh --database hma --confirm hma\n```\n```sh run within=60\nscripts/migrate.sh status\nscripts/smoke.sh\n',
      'scripts/restore.sh --database hma_copy\n```\n```sh run within=60\nscripts/migrate.sh status\nscripts/smoke.sh\n',
    ),
    'the old values are copied by the name of a model alone': edit(
      DRILLS,
      'where (old.name, old.version) = (m.name, m.version);',
      'where old.name = m.name;',
    ),
    'the old values are written as the superuser, with whose rights the triggers of the owner run': edit(
      DRILLS,
      `| "\${psql[@]}" -d hma -v old="$old"`,
      `| sed -e 1d -e '/set role/d' | scripts/compose.sh exec -T postgres psql -U postgres -d hma -v old="$old"`,
    ),
    'a drill leaves out its last look, with a reason': edit(
      DRILLS,
      '```sh run within=60\nscripts/migrate.sh status\nscripts/smoke.sh\n',
      '```sh not run: the smoke test is run elsewhere\nscripts/migrate.sh status\nscripts/smoke.sh\n',
    ),
    'a drill ends with the block that restores': edit(
      DRILLS,
      '```\n```sh run within=60\nscripts/smoke.sh --only postgres\nscripts/migrate.sh status\n```\n',
      'scripts/smoke.sh --only postgres\nscripts/migrate.sh status\n```\n',
    ),
    'what follows the drills misspells an option': edit(
      DRILLS,
      'scripts/teardown.sh --data\n',
      'scripts/teardown.sh --date\n',
    ),
    'what follows the drills keeps their data': edit(
      DRILLS,
      'scripts/teardown.sh --data\n',
      'scripts/teardown.sh\n',
    ),
    'a password whose limit was lifted counts as drift for ever': edit(
      'migrations/runner/fingerprint.ts',
      "nullif(r.rolvaliduntil, 'infinity')",
      'r.rolvaliduntil',
    ),
    'preparing does nothing when the furthest month is there, so the dropped month in between is not restored':
      edit(
        'ops/audit/commands.ts',
        "'select audit.ensure_partitions()'",
        '"select audit.ensure_partitions() where not audit.has_month(now() + interval \'3 months\')"',
      ),
    'a restore takes longer than is stated': edit(
      DRILLS,
      '```sh run within=30 restores\nscripts/audit.sh prepare\n',
      '```sh run within=30 restores\nsleep 31\nscripts/audit.sh prepare\n',
    ),
    'the table says that a drill took longer than it states': edit(
      DRILLS,
      '| Lost volume | 120 s | 59 s |',
      '| Lost volume | 120 s | 159 s |',
    ),
    'a drill shows no symptom': edit(
      DRILLS,
      'Postgres does not run.\n```sh run within=30 exit=1\nscripts/smoke.sh --only postgres\n',
      'Postgres does not run.\n```sh run within=30\nscripts/smoke.sh --only postgres || (($? == 1))\n',
    ),
    'the drill of the dropped table drops none': edit(
      DRILLS,
      'drop table auth.sessions cascade',
      'drop table if exists auth.session cascade',
    ),
    'the drill of the wrong update changes no row': edit(
      DRILLS,
      "set description = 'model';",
      "set description = 'model' where name = '';",
    ),
    'the drill of the wrong update changes a column that it does not restore': edit(
      DRILLS,
      "set description = 'model';",
      "set description = 'model', task = 'model';",
    ),
    'the drill of the lost volume loses none': edit(
      DRILLS,
      'scripts/compose.sh rm --stop --force postgres\ndocker volume rm "$(scripts/env.sh check)_postgres-data"\n',
      'true\n',
    ),
    'the drill of the lost object removes another one': edit(
      DRILLS,
      'mc rm s/hma/smoke/probe',
      'mc rm --force s/hma/smoke/probes',
    ),
    'the lost object comes back with other bytes': edit(
      DRILLS,
      'mc undo --force --last 1 s/hma/smoke/probe"',
      'echo restored | mc pipe s/hma/smoke/probe"',
    ),
    'the drill of the full disk fills none': edits(
      {
        file: DRILLS,
        find: "'! cat /dev/zero >/var/lib/postgresql/ballast'",
        replace: "'echo >/var/lib/postgresql/ballast'",
      },
      { file: DRILLS, find: 'generate_series(1, 900000)', replace: 'generate_series(1, 9)' },
    ),
    'the drill of the expired password lets none expire': edit(
      DRILLS,
      "valid until '2020-01-01'",
      "valid until '2120-01-01'",
    ),
    'the drill of the stuck migration holds no lock': edit(
      DRILLS,
      'lock table auth.users; select pg_sleep(600)',
      'lock table auth.users; rollback',
    ),
    'the drill of the missing month drops none': edit(
      DRILLS,
      "begin execute format('drop table audit",
      "begin perform format('drop table audit",
    ),
  },
})
