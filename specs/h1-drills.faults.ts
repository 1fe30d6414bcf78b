import { edit, faults } from '../harness/setup.ts'

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
  },
})
