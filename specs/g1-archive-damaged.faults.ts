import { edit, faults } from '../harness/setup.ts'

const RESTORE = 'stack/archive/restore.ts'

export default faults({
  'G1.4.1': {
    'a damaged archive is reported as a moment that it does not have': edit(
      'stack/archive/one-shot.ts',
      "    next: 'scripts/compose.sh --profile archive ps; the database is as it was.',\n",
      "    next: 'scripts/compose.sh --profile archive ps; the database is as it was.',\n    exitCode: EXIT.refused,\n",
    ),
    'the database is stopped before it is known that the archive can be read': edit(
      RESTORE,
      '  try {\n    await step(`fetch',
      "  await stopService(settings, 'postgres')\n  try {\n    await step(`fetch",
    ),
    'what a restore that failed has fetched stays in the volume': edit(
      'stack/archive/cluster.ts',
      "['rm', '-rf', RESTORING, UNPROVEN]",
      "['rm', '-f', UNPROVEN]",
    ),
    'the end of an archive that lacks a part of its log is taken for the moment': edit(
      'stack/archive/cluster.ts',
      'if (exitCode !== 0) throw notRecovered(log, last)',
      "if (exitCode !== 0) return last ?? 'the end of the archive'",
    ),
    'a base backup that the store did not take counts as made': edit(
      'docker/archive/pgbackrest.sh',
      'exec pgbackrest --stanza=hma "$@"',
      'pgbackrest --stanza=hma "$@" || [ "$1" = backup ]',
    ),
  },
})
