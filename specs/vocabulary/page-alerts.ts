// The list of alerts on the page of the dashboard.
import type { Project } from '../../harness/index.ts'
import type { Opened } from './browser.ts'
import { firingNow } from './observed-stack.ts'

/** In the page: a line without a runbook says that there is no alert. */
const READ_ALERTS = `[...document.querySelectorAll('#alerts li')].map((row) =>
  row.querySelector('code') && row.textContent.split(':')[0] + ' ' + row.querySelector('code').textContent)`

const EMPTY = 'an empty list'

/** What it lists, each as `alert runbook`, sorted. */
export async function alertsListed({ page }: Opened): Promise<string[]> {
  const lines = await page.evaluate<(string | null)[]>(READ_ALERTS)
  return lines.length === 0 ? [EMPTY] : lines.filter((line) => line !== null).sort()
}

/** Alerts that it lists and that do not fire, or the reverse; also where it does not even say that none does. */
export async function alertsMisreported(opened: Opened, project: Project): Promise<string[]> {
  const [firing, listed] = [await firingNow(project), await alertsListed(opened)]
  const without = (one: string[], other: string[]) => one.filter((alert) => !other.includes(alert))
  return [...without(firing, listed), ...without(listed, firing)]
}
