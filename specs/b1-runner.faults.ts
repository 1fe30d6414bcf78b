import { edit, edits, faults } from '../harness/setup.ts'

const RUN = 'migrations/runner/run.ts'
const PLAN = 'migrations/runner/plan.ts'
const COMMANDS = 'migrations/runner/commands.ts'
const RUNS_THEN_RECORDS = [
  '    await client.query(script.sql)',
  '    await client.query(`set local role ${OWNER}`)',
  '    await write()',
].join('\n')

export default faults({
  'B1.0.1': {
    'apply stops one migration early': edit(
      COMMANDS,
      'await runPlanned(client, plan, direction, report)',
      'await runPlanned(client, plan.slice(0, -1), direction, report)',
    ),
    'status calls nothing pending': edit(PLAN, 'pending: due.map(({ name }) => name),', 'pending: [],'),
    'status ends with 0 although something is pending': edit(
      PLAN,
      '(pending.length > 0 ? STATUS_BITS.pending : 0)',
      '0',
    ),
  },
  'B1.0.2': {
    'every password is set anew': edit(
      'migrations/runner/roles.ts',
      'if (rolpassword !== null && matchesVerifier(password, rolpassword)) continue',
      '',
    ),
    'the catalog is remembered anew although nothing was applied': edit(
      COMMANDS,
      'if (plan.length > 0 || haveRolesChanged || !isRemembered) await',
      'await',
    ),
    'what is applied counts as pending': edit(
      PLAN,
      `files.filter(({ name }) => applied.get(name)?.state !== 'done')`,
      'files',
    ),
  },
  'B1.0.5': {
    'statements run one by one and outside of a transaction': edits(
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
    'the ledger row is written first, in a transaction of its own': edit(
      RUN,
      RUNS_THEN_RECORDS,
      [
        '    await client.query(`set local role ${OWNER}`)',
        '    await write()',
        '    await client.query(`commit; begin; set local role ${OWNER}`)',
        '    await client.query(script.sql)',
      ].join('\n'),
    ),
    'a failure is passed over in silence': edit(
      RUN,
      'throw error instanceof CliError ? error : failedIn(script, error)',
      '',
    ),
    'everything pending shares one transaction': edits(
      { file: RUN, find: '${FRESH}; begin; ${LIMITS};', replace: '${LIMITS};' },
      { file: RUN, find: "    await client.query('commit')\n", replace: '' },
      {
        file: COMMANDS,
        find: '    await runPlanned(client, plan, direction, report)',
        replace:
          "    await client.query('begin')\n    await runPlanned(client, plan, direction, report)\n    await client.query('commit')",
      },
    ),
    'a file may end the transaction by itself': edit(
      'migrations/runner/files.ts',
      'if (statements.some(controlsTransaction))',
      'if (statements.length < 0)',
    ),
  },
  'B1.0.6': {
    'no checksum is looked at': edit(
      PLAN,
      'return row?.checksum !== checksum || !row.chained',
      'return checksum === row?.name',
    ),
    'a comment at the end of a down file is no edit': edit(
      'migrations/runner/files.ts',
      '.update(`${up}\\0${down}`)',
      ".update(`${up}\\0${down.replace('-- edited\\n', '')}`)",
    ),
    'a ledger row may be edited': edit(PLAN, ' || !row.chained', ''),
    'missing files are let pass': edit(PLAN, 'if (missing.length > 0)\n', 'if (missing.length > 99)\n'),
    'order is ignored': edit(
      PLAN,
      'if (outOfOrder.length > 0 && !allowOutOfOrder)',
      'if (outOfOrder.length > 99)',
    ),
    'out of order is refused also where it is asked for': edit(
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
