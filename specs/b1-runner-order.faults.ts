import { edit, faults } from '../harness/setup.ts'

const PLAN = 'migrations/runner/plan.ts'
const COMMANDS = 'migrations/runner/commands.ts'

export default faults({
  'B1.0.6': {
    'the order is compared with the newest applied migration alone': edit(
      PLAN,
      'done.some((other) => isLaterInGroup(other, file))',
      'done.slice(-1).some((other) => isLaterInGroup(other, file))',
    ),
    'of several edited migrations only the first is named': edit(
      PLAN,
      "const names = Object.values(facts).flat().join(', ')",
      'const [names] = Object.values(facts).flat()',
    ),
    'down runs an edited file': edit(
      COMMANDS,
      '    requireConsistent(comparison, { allowOutOfOrder: true })\n',
      '',
    ),
    'verify replays an edited file': edit(
      'migrations/runner/verify.ts',
      '    requireConsistent(comparison, { allowOutOfOrder: true })\n',
      '',
    ),
    'checksums are not compared': edit(
      PLAN,
      'return row?.checksum !== checksum || !row.chained',
      'return checksum === row?.name',
    ),
    'a comment added to a down file is no edit': edit(
      'migrations/runner/files.ts',
      '.update(`${up}\\0${down}`)',
      ".update(`${up}\\0${down.replace('-- edited\\n', '')}`)",
    ),
    'a ledger row may be edited': edit(PLAN, ' || !row.chained', ''),
    'down ignores missing files': edit(
      COMMANDS,
      'requireConsistent(comparison, { allowOutOfOrder: true })',
      'requireConsistent({ ...comparison, missing: [] }, { allowOutOfOrder: true })',
    ),
    'verify ignores missing files': edit(
      'migrations/runner/verify.ts',
      'requireConsistent(comparison, { allowOutOfOrder: true })',
      'requireConsistent({ ...comparison, missing: [] }, { allowOutOfOrder: true })',
    ),
    'where order is not asked, edited and missing migrations are not refused either': edit(
      COMMANDS,
      '    requireConsistent(comparison, options)\n    const plan',
      '    if (!options.allowOutOfOrder) requireConsistent(comparison, options)\n    const plan',
    ),
    'a dry run shows a plan in spite of edited and missing migrations': edit(
      COMMANDS,
      '    requireConsistent(comparison, options)\n    return printPlan',
      '    return printPlan',
    ),
    'missing files are ignored': edit(PLAN, 'if (missing.length > 0)\n', 'if (missing.length > 99)\n'),
    'order is ignored': edit(
      PLAN,
      'if (outOfOrder.length > 0 && !allowOutOfOrder)',
      'if (outOfOrder.length > 99)',
    ),
    'out of order is refused although it is allowed': edit(
      PLAN,
      'if (outOfOrder.length > 0 && !allowOutOfOrder)',
      'if (outOfOrder.length > 0)',
    ),
    'edited and missing share a bit of the exit code': edit(
      PLAN,
      'edited: 2, missing: 4',
      'edited: 4, missing: 4',
    ),
  },
})
