// What the exporter of Postgres asks beside its own collectors, asked by a test as its login.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { Database, Project } from '../../harness/index.ts'
import { rulesIn } from './rules.ts'

const FILE = 'docker/prometheus/queries.yml'

function queriesIn({ root }: Project): Record<string, { query: string }> {
  return parse(readFileSync(join(root, FILE), 'utf8'))
}

/** Every figure by the name that its metric has. */
export async function figuresOfExporter(project: Project, db: Database): Promise<Record<string, number>> {
  const monitor = await db.as('hma_monitor')
  const figures: [name: string, value: number][] = []
  for (const [name, { query }] of Object.entries(queriesIn(project))) {
    const [row = {}] = await monitor.query(query)
    for (const [column, value] of Object.entries(row)) figures.push([`${name}_${column}`, Number(value)])
  }
  return Object.fromEntries(figures)
}

/** The metrics of these queries that an alert is about. */
export function askedByRules(project: Project): string[] {
  const ofQueries = new RegExp(`\\b(?:${Object.keys(queriesIn(project)).join('|')})_\\w+`, 'g')
  return rulesIn(project).flatMap(({ expr }) => expr.match(ofQueries) ?? [])
}

/** So many sessions of the application that do nothing, one of them within a transaction that is older than a second. */
export async function holdIdle(db: Database, sessions: number): Promise<void> {
  const idle = await Promise.all(Array.from({ length: sessions }, () => db.as('hma_app')))
  await idle[0]?.query('begin')
  await db.query('select pg_sleep(1.1)')
}
