// What to do about each alert, for the page: an on-call person who reads it may have no copy of this repository at hand.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../../config/root.ts'

/** The text under the heading of each alert in docs/observability.md, in one line; code stays in backticks, a link becomes its address. */
export function runbooks(): Record<string, string> {
  const [, alerts = ''] = readFileSync(join(ROOT, 'docs/observability.md'), 'utf8').split('\n## Alerts\n')
  const sections = alerts.split(/^### /m).slice(1)
  return Object.fromEntries(sections.map((section) => [headingOf(section), textOf(section)]))
}

const headingOf = (section: string) => section.slice(0, section.indexOf('\n'))

const textOf = (section: string) =>
  section
    .slice(section.indexOf('\n'))
    .trim()
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll(/\[([^\]]+)\]\(([^)]+)\)/g, (_, words: string, file: string) => `${words} (\`docs/${file}\`)`)
