// Limits of row security: those that specs demonstrate and those that the documentation lists.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Project, Session } from '../../harness/index.ts'

/** The claims of B2.1.7 in a spec file, in order, without the one about the document itself. */
export async function demonstratedLimits(project: Project, file: string): Promise<string[]> {
  const text = await readFile(join(project.root, file), 'utf8')
  const claims = [...text.matchAll(/test\('B2\.1\.7 ([^']+)'/g)].map(([, claim = '']) => claim)
  return claims.filter((claim) => !claim.includes('docs/row-security.md'))
}

/** The limits in docs/row-security.md, in order: the first cell of each row of the table under `## Limits`. */
export async function documentedLimits(project: Project): Promise<string[]> {
  const text = await readFile(join(project.root, 'docs/row-security.md'), 'utf8')
  const [, section = ''] = text.split(/^## Limits$/m)
  const rows = [...section.matchAll(/^\| (.+?) \| .+ \|$/gm)].map(([, limit = '']) => limit)
  return rows.slice(1)
}

/** Number of rows that a policy filtered from a statement, as EXPLAIN ANALYZE shows it to every role. */
export async function countFilteredRows(session: Session, text: string): Promise<number> {
  await session.query('set local enable_seqscan = off; set local enable_bitmapscan = off')
  const [plan] = await session.value<[{ Plan: { 'Rows Removed by Filter'?: number } }]>(
    `explain (analyze, format json) ${text}`,
  )
  return plan.Plan['Rows Removed by Filter'] ?? 0
}
