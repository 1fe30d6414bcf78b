// The exporter asks for the figures of the audit log by queries of its own; what they count is what scripts/db-stats.sh counts.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { ROOT } from '../../config/root.ts'

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')
const onOneLine = (text: string) => text.replaceAll(/\s+/g, ' ')
const { hma_audit: audit } = parse(read('docker/prometheus/queries.yml')) as Record<string, { query: string }>

test.for([
  ['the month of a leaf', 'db-stats.sql', /\(regexp_match\(.*?\)\)\[1\]::date/],
  ['from which month on', 'db-stats.sql', /> date_trunc\('month', .*?\)(?=\))/],
  ['the rows that are not sealed', 'audit-sealing.sql', /case when .*? end - coalesce\(.*?\)/],
  ['the last seal', 'audit-sealing.sql', /from audit\.audit_log_id .* seals/],
] as const)('the exporter and db-stats ask alike for %s', ([, file, part]) => {
  const [text = 'nothing'] = part.exec(onOneLine(read(`ops/stats/${file}`))) ?? []

  expect(onOneLine(audit?.query ?? '')).toContain(text)
})
