// The rules that the Prometheus of a running stack has loaded, and the series behind their expressions.
import type { Project } from '../../harness/index.ts'
import { ask, valuesByJob } from './observed-stack.ts'

/** Words in an expression, as Prometheus prints it, that name no metric. */
const MODIFIERS =
  /\{[^}]*\}|\[[^\]]*\]|"[^"]*"|\b(?:on|by|ignoring|without)\s*\([^)]*\)|\b(?:and|or|unless|bool)\b/g
const FUNCTIONS = /\b\w+\s*\(/g

interface LoadedRules {
  data: { groups: { rules: { name: string; query: string }[] }[] }
}

/** Names of the alerts that Prometheus has loaded, and the metrics in their expressions that nothing in the stack has. */
export async function rulesLoaded(project: Project): Promise<{ alerts: string[]; unknown: string[] }> {
  const { data } = await ask<LoadedRules>(project, 'prometheus', 9090, '/api/v1/rules')
  const names = await ask<{ data: string[] }>(
    ...([project, 'prometheus', 9090, '/api/v1/label/__name__/values'] as const),
  )
  const rules = data.groups.flatMap((group) => group.rules)
  const metrics = rules.flatMap(
    ({ query }) =>
      query
        .replaceAll(MODIFIERS, ' ')
        .replaceAll(FUNCTIONS, ' ')
        .match(/\b[a-z_]\w*/gi) ?? [],
  )
  const unknown = metrics.filter((name) => !names.data.includes(name))
  return { alerts: rules.map(({ name }) => name), unknown: [...new Set(unknown)].sort() }
}

/** Alerts that could never fire: asked without their bounds, their expressions have no series, or one half of an `or` has none. */
export async function silentAlerts(project: Project): Promise<string[]> {
  const { data } = await ask<LoadedRules>(project, 'prometheus', 9090, '/api/v1/rules')
  const silent = new Set<string>()
  for (const { name, query } of data.groups.flatMap(({ rules }) => rules))
    for (const half of halvesOf(withoutBounds(query)))
      if (Object.keys(await valuesByJob(project, half)).length === 0) silent.add(name)
  return [...silent]
}

const OR = ' or '

/** An expression once with each half of an `or` in the place of both; itself where it has none. */
function halvesOf(query: string): string[] {
  const at = query.indexOf(OR)
  if (at === -1) return [query]
  const end = at + OR.length + endOfGroup(query.slice(at + OR.length), '(', ')')
  const start = at - endOfGroup([...query.slice(0, at)].reverse().join(''), ')', '(')
  const right = query.slice(at + OR.length, end).replace(/^(?:on|ignoring) ?\([^)]*\) /, '')
  return [query.slice(start, at), right].flatMap((half) =>
    halvesOf(query.slice(0, start) + half + query.slice(end)),
  )
}

/** How far it is to the bracket that closes one which was opened before the text; to the end without one. */
function endOfGroup(text: string, opening: string, closing: string): number {
  let depth = 0
  for (const [at, character] of [...text].entries()) {
    if (character === opening) depth += 1
    if (character === closing) depth -= 1
    if (depth < 0) return at
  }
  return text.length
}

/** Comparisons that keep each series, as 0 or 1. */
function withoutBounds(query: string): string {
  return query.replace(/^absent\((.*)\)$/, '$1').replaceAll(/ (>|<|==|!=) /g, ' $1 bool ')
}
