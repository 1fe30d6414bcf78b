// `npm run bench [name …]`: what things cost, as ratios measured in one run. Never a timed test.
import { benchAudit } from './audit.ts'
import { benchLeases } from './leases.ts'
import { benchMigrations } from './migrations.ts'
import { benchMl } from './ml.ts'
import { benchRowSecurity } from './row-security.ts'

const benches: Record<string, () => Promise<void>> = {
  audit: benchAudit,
  leases: benchLeases,
  migrations: benchMigrations,
  ml: benchMl,
  rls: benchRowSecurity,
}

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !(name in benches))
if (unknown.length > 0) {
  console.error(
    `bench: there is no bench called ${unknown.join(', ')}. Next: use one of ${Object.keys(benches).join(', ')}.`,
  )
  process.exit(2)
}
for (const [name, bench] of Object.entries(benches)) {
  if (asked.length === 0 || asked.includes(name)) await bench()
}
