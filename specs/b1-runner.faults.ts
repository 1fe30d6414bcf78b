import { edit, faults } from '../harness/setup.ts'

export default faults([
  {
    criterion: 'B1.0.1',
    breaks: 'apply stops one migration early',
    plant: edit(
      'migrations/runner/commands.ts',
      "await runPlanned(client, plan, 'up', report)",
      "await runPlanned(client, plan.slice(0, -1), 'up', report)",
    ),
  },
  {
    criterion: 'B1.0.1',
    breaks: 'status calls nothing pending',
    plant: edit('migrations/runner/plan.ts', 'pending: due.map(({ name }) => name),', 'pending: [],'),
  },
  {
    criterion: 'B1.0.2',
    breaks: 'apply writes the catalog record although nothing was applied',
    plant: edit(
      'migrations/runner/roles.ts',
      'if (rolpassword !== null && matchesVerifier(password, rolpassword)) continue',
      '',
    ),
  },
  {
    criterion: 'B1.0.4',
    breaks: 'the runner takes no lock',
    plant: edit(
      'migrations/runner/lock.ts',
      'while (!(await tryLock(client))) {',
      'while (Number.isNaN(deadline)) {',
    ),
  },
  {
    criterion: 'B1.0.5',
    breaks: 'a failed migration is committed',
    plant: edit(
      'migrations/runner/run.ts',
      'await client.query(`begin; ${TRANSACTION_LIMITS}`)',
      'await client.query(TRANSACTION_LIMITS)',
    ),
  },
])
