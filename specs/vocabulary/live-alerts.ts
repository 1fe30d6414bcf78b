// The observed stack with alerts that fire and end within minutes, and what its Alertmanager has of them.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { expect, type Project } from '../../harness/index.ts'
import { CAUSED, diskBoundOf } from './alert-causes.ts'
import { alertsOf, ask, startCollected, UNTIL_FIRING } from './observed-stack.ts'
import { oncePerCopy } from './once-per-copy.ts'
import { exitCodesInStack } from './schedule.ts'

interface Rule {
  alert: string
  expr: string
  for?: string
}

interface Rules {
  groups: { rules: Rule[] }[]
}

/** These wait for seconds. All others wait as long as we ship it. */
const HURRIED = [...CAUSED, 'DatabaseDown', 'ModelServerDegraded']
const WAIT = '5s'

/** Bounds and windows that a test can reach. All others are those that we ship. */
const REACHABLE: Record<string, [shipped: string, reachable: string]> = {
  CacheEvictions: ['[10m]', '[1m]'],
  ConnectionsRunningOut: ['> 0.8', '> 0.3'],
  Deadlocks: ['[10m]', '[1m]'],
  LongTransaction: ['> 600', '> 15'],
}

/** Of the service backup, each of which has run once. */
const ALL_DONE = { backup: 0, prune: 0, 'restore-test': 0 }

/** Starts it with the rules that we ship, but for those waits and bounds; once per copy of the project. */
export const startHurried = oncePerCopy(async (project): Promise<void> => {
  await hurryRules(project)
  await startCollected(project)
  await expect.poll(() => exitCodesInStack(project, 'backup'), UNTIL_FIRING).toEqual(ALL_DONE)
})

async function hurryRules(project: Project): Promise<void> {
  const file = join(project.root, 'docker/prometheus/rules.yml')
  const { groups } = parse(await readFile(file, 'utf8')) as Rules
  const disk: [string, string] = ['< 0.1', `< ${(await diskBoundOf(project)).toFixed(4)}`]
  const reachable: typeof REACHABLE = { ...REACHABLE, DiskFillingUp: disk, DatabaseDiskFillingUp: disk }
  const hurried = groups.map((group) => ({
    ...group,
    rules: group.rules.map((rule) => hurry(rule, reachable[rule.alert])),
  }))
  await writeFile(file, stringify({ groups: hurried }, { lineWidth: 0 }))
}

function hurry(rule: Rule, [shipped, reachable]: [string, string] = ['', '']): Rule {
  const waits = rule.for !== undefined && HURRIED.includes(rule.alert)
  return { ...rule, expr: rule.expr.replace(shipped, reachable), ...(waits ? { for: WAIT } : {}) }
}

/** What asks for the alerts that Alertmanager has, and has had when this was asked before: some end by themselves. */
export function alertsSeen(project: Project): () => Promise<string[]> {
  const seen = new Set<string>()
  return async () => {
    for (const alert of await alertsOf(project)) seen.add(alert)
    return [...seen].sort()
  }
}

interface LiveAlert {
  fingerprint: string
  labels: { alertname: string }
  status: { inhibitedBy: string[] }
}

/** The alerts that Alertmanager reports to nobody because another one fires, each with the names of these. */
export async function inhibitedAlerts(project: Project): Promise<Record<string, string[]>> {
  const alerts = await ask<LiveAlert[]>(project, 'alertmanager', 9093, '/api/v2/alerts')
  const names = new Map(alerts.map(({ fingerprint, labels }) => [fingerprint, labels.alertname]))
  const inhibited = alerts.filter(({ status }) => status.inhibitedBy.length > 0)
  return Object.fromEntries(
    inhibited.map(({ labels, status }) => [
      labels.alertname,
      status.inhibitedBy.map((each) => names.get(each) ?? each),
    ]),
  )
}
