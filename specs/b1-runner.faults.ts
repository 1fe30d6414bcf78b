import { edit, edits, faults } from '../harness/setup.ts'

const RUN = 'migrations/runner/run.ts'
const PLAN = 'migrations/runner/plan.ts'
const COMMANDS = 'migrations/runner/commands.ts'
const RUNS_THEN_RECORDS = [
  '    await client.query(script.sql)',
  '    await client.query(`set local role ${OWNER}`)',
  '    await write()',
].join('\n')

export default faults([
  {
    criterion: 'B1.0.1',
    breaks: 'apply stops one migration early',
    plant: edit(
      COMMANDS,
      'await runPlanned(client, plan, direction, report)',
      'await runPlanned(client, plan.slice(0, -1), direction, report)',
    ),
  },
  {
    criterion: 'B1.0.1',
    breaks: 'status calls nothing pending',
    plant: edit(PLAN, 'pending: due.map(({ name }) => name),', 'pending: [],'),
  },
  {
    criterion: 'B1.0.1',
    breaks: 'status ends with 0 although something is pending',
    plant: edit(PLAN, '(pending.length > 0 ? STATUS_BITS.pending : 0)', '0'),
  },
  {
    criterion: 'B1.0.2',
    breaks: 'every password is set anew',
    plant: edit(
      'migrations/runner/roles.ts',
      'if (rolpassword !== null && matchesVerifier(password, rolpassword)) continue',
      '',
    ),
  },
  {
    criterion: 'B1.0.2',
    breaks: 'the catalog is remembered anew although nothing was applied',
    plant: edit(COMMANDS, 'if (plan.length > 0 || haveRolesChanged || !isRemembered) await', 'await'),
  },
  {
    criterion: 'B1.0.2',
    breaks: 'what is applied counts as pending',
    plant: edit(PLAN, `files.filter(({ name }) => applied.get(name)?.state !== 'done')`, 'files'),
  },
  {
    criterion: 'B1.0.5',
    breaks: 'statements run one by one and outside of a transaction',
    plant: edits(
      {
        file: RUN,
        find: '${FRESH}; begin; ${LIMITS}; ${role} ${set}',
        replace: "${FRESH}; set role ${OWNER}; ${set.replaceAll('local', '')}",
      },
      {
        file: RUN,
        find: 'await client.query(script.sql)',
        replace: "for (const statement of script.sql.split(';')) await client.query(statement)",
      },
    ),
  },
  {
    criterion: 'B1.0.5',
    breaks: 'the ledger row is written first, in a transaction of its own',
    plant: edit(
      RUN,
      RUNS_THEN_RECORDS,
      [
        '    await client.query(`set local role ${OWNER}`)',
        '    await write()',
        '    await client.query(`commit; begin; set local role ${OWNER}`)',
        '    await client.query(script.sql)',
      ].join('\n'),
    ),
  },
  {
    criterion: 'B1.0.5',
    breaks: 'a failure is passed over in silence',
    plant: edit(RUN, 'throw error instanceof Refusal ? error : failedIn(script, error)', ''),
  },
  {
    criterion: 'B1.0.5',
    breaks: 'everything pending shares one transaction',
    plant: edits(
      { file: RUN, find: '${FRESH}; begin; ${LIMITS};', replace: '${LIMITS};' },
      { file: RUN, find: "    await client.query('commit')\n", replace: '' },
      {
        file: COMMANDS,
        find: '    await runPlanned(client, plan, direction, report)',
        replace:
          "    await client.query('begin')\n    await runPlanned(client, plan, direction, report)\n    await client.query('commit')",
      },
    ),
  },
  {
    criterion: 'B1.0.5',
    breaks: 'a file may end the transaction by itself',
    plant: edit(
      'migrations/runner/files.ts',
      'if (statements.some(controlsTransaction))',
      'if (statements.length < 0)',
    ),
  },
  {
    criterion: 'B1.0.6',
    breaks: 'no checksum is looked at',
    plant: edit(PLAN, 'return row?.checksum !== checksum || !row.chained', 'return checksum === row?.name'),
  },
  {
    criterion: 'B1.0.6',
    breaks: 'a comment at the end of a down file is no edit',
    plant: edit(
      'migrations/runner/files.ts',
      '.update(`${up}\\0${down}`)',
      ".update(`${up}\\0${down.replace('-- edited\\n', '')}`)",
    ),
  },
  {
    criterion: 'B1.0.6',
    breaks: 'a ledger row may be edited',
    plant: edit(PLAN, ' || !row.chained', ''),
  },
  {
    criterion: 'B1.0.6',
    breaks: 'missing files are let pass',
    plant: edit(PLAN, 'if (missing.length > 0)\n', 'if (missing.length > 99)\n'),
  },
  {
    criterion: 'B1.0.6',
    breaks: 'order is ignored',
    plant: edit(PLAN, 'if (outOfOrder.length > 0 && !allowOutOfOrder)', 'if (outOfOrder.length > 99)'),
  },
  {
    criterion: 'B1.0.6',
    breaks: 'out of order is refused also where it is asked for',
    plant: edit(PLAN, 'if (outOfOrder.length > 0 && !allowOutOfOrder)', 'if (outOfOrder.length > 0)'),
  },
  {
    criterion: 'B1.0.6',
    breaks: 'edited and missing share a bit of the exit code',
    plant: edit(PLAN, 'edited: 2, missing: 4', 'edited: 4, missing: 4'),
  },
])
