// The list of alerts on the page of the dashboard.
import type { Project } from '../../harness/index.ts'
import type { Opened } from './browser.ts'
import { firingNow } from './observed-stack.ts'
import { type Rule, wordsOf } from './rules.ts'

/** In the page: a line without a runbook says that there is no alert. */
const READ_ALERTS = `[...document.querySelectorAll('#alerts li')].map((row) =>
  row.querySelector('code') && row.textContent.split(':')[0] + ' ' + row.querySelector('code').textContent)`

const EMPTY = 'an empty list'

/** What it lists, each as `alert runbook`, sorted. */
export async function alertsListed({ page }: Opened): Promise<string[]> {
  const lines = await page.evaluate<(string | null)[]>(READ_ALERTS)
  return lines.length === 0 ? [EMPTY] : lines.filter((line) => line !== null).sort()
}

const READ_INSTRUCTIONS = `[...document.querySelectorAll('#alerts li')].map((row) =>
  [row.textContent.split(':')[0], row.querySelector('p')?.textContent ?? ''])`

/** From now on Prometheus answers this page that each of these alerts fires. */
export async function fireAll({ page }: Opened, rules: Rule[]): Promise<void> {
  const labels = { severity: 'critical' }
  const alerts = rules.map(({ alert, annotations }) => ({
    ...{ state: 'firing', annotations, labels: { ...labels, alertname: alert } },
  }))
  await page.route('**/api/v1/alerts*', (route) =>
    route.fulfill({ json: { status: 'success', data: { alerts } } }),
  )
}

/** The words with which it says what to do, by alert that it lists. */
export async function instructionsShown({ page }: Opened): Promise<Record<string, string[]>> {
  const rows = await page.evaluate<[alert: string, text: string][]>(READ_INSTRUCTIONS)
  return Object.fromEntries(rows.map(([alert, text]) => [alert, wordsOf(text)]))
}

/** Alerts that it lists and that do not fire, or the reverse; also where it does not even say that none does. */
export async function alertsMisreported(opened: Opened, project: Project): Promise<string[]> {
  const [firing, listed] = [await firingNow(project), await alertsListed(opened)]
  const without = (one: string[], other: string[]) => one.filter((alert) => !other.includes(alert))
  return [...without(firing, listed), ...without(listed, firing)]
}
