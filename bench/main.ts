// `npm run bench [name …]`: what things cost, as ratios measured in one run. Never a timed test. Exit codes: 0 done · 2 wrong use.
import { z } from 'zod'
import { oneOf, readOptions } from '../config/command-line.ts'
import { runProgram } from '../config/program.ts'
import { ignorePostgresVariables } from '../harness/setup.ts'
import { benchAudit } from './audit.ts'
import { benchBackup } from './backup.ts'
import { benchLeases } from './leases.ts'
import { benchMigrations } from './migrations.ts'
import { benchMl } from './ml.ts'
import { benchObservability } from './observability.ts'
import { benchRowSecurity } from './row-security.ts'

const BENCHES = {
  audit: benchAudit,
  backup: benchBackup,
  leases: benchLeases,
  migrations: benchMigrations,
  ml: benchMl,
  observability: benchObservability,
  rls: benchRowSecurity,
}
const NAMES = Object.keys(BENCHES) as [keyof typeof BENCHES, ...(keyof typeof BENCHES)[]]

// Every server is one of ours, and what is measured does not depend on the developer's PGOPTIONS. Child processes inherit this.
ignorePostgresVariables()
await runProgram('bench', async (words) => {
  const { names } = readOptions(words, 'README.md, Every day', {
    '[names...]': z.array(oneOf(NAMES)).default([]),
  })
  for (const name of NAMES) if (names.length === 0 || names.includes(name)) await BENCHES[name]()
  return 0
})
