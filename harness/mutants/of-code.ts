// What can be wrong with what runs: triggers, functions, views.
import { changesOf } from './expressions.ts'
import { draft, ENABLED, list, type Operator, ownersIn, text } from './facts.ts'
import { bodyChanges } from './statements.ts'

export const trigger: Operator = (facts) => {
  const [table, name, ddl] = [text(facts, 'table'), text(facts, 'trigger'), text(facts, 'ddl')]
  const alter = `alter table ${table}`
  const enabled = ENABLED[text(facts, 'enabled')] as string
  const replace = (operator: string, description: string, other: string) =>
    draft(
      operator,
      description,
      `drop trigger ${name} on ${table}; ${other}; ${alter} ${enabled} trigger ${name}`,
    )
  const drafts = [
    draft('dropped', 'dropped', `drop trigger ${name} on ${table}`),
    ...Object.values(ENABLED)
      .filter((other) => other !== enabled)
      .map((other) => draft('enabled', `${enabled} → ${other}`, `${alter} ${other} trigger ${name}`)),
    ...list(facts, 'leaves').map((leaf) =>
      facts.row === true
        ? draft('leaf', `disabled on ${leaf}`, `alter table ${leaf} disable trigger ${name}`)
        : draft('leaf', `dropped on ${leaf}`, `drop trigger ${name} on ${leaf}`),
    ),
    replace(
      'timing',
      'before ↔ after',
      swap(ddl, / BEFORE | AFTER /, { ' BEFORE ': ' AFTER ', ' AFTER ': ' BEFORE ' }),
    ),
    replace(
      'level',
      'row ↔ statement',
      swap(ddl, /FOR EACH (?:ROW|STATEMENT)/, {
        'FOR EACH ROW': 'FOR EACH STATEMENT',
        'FOR EACH STATEMENT': 'FOR EACH ROW',
      }),
    ),
    replace('condition', 'when (false)', ddl.replace(/(?: WHEN \(.*\))?( EXECUTE )/, ' WHEN (false)$1')),
  ]
  const [, timing = '', events = ''] = / (BEFORE|AFTER|INSTEAD OF) (.+?) ON /.exec(ddl) ?? []
  const all = events.split(' OR ')
  if (all.length > 1)
    for (const event of all) {
      const others = all.filter((other) => other !== event).join(' OR ')
      drafts.push(
        replace('event', `not on ${event}`, ddl.replace(`${timing} ${events} ON`, `${timing} ${others} ON`)),
      )
    }
  const [condition, inner = ''] = / WHEN \((.*)\)(?= EXECUTE )/.exec(ddl) ?? []
  if (condition !== undefined) {
    drafts.push(replace('condition', 'without its condition', ddl.replace(condition, '')))
    for (const { operator, description, text: other } of changesOf(inner))
      drafts.push(
        replace(
          operator,
          description,
          ddl.replace(condition, () => ` WHEN (${other})`),
        ),
      )
  }
  return drafts
}

function swap(from: string, pattern: RegExp, others: Record<string, string>): string {
  return from.replace(pattern, (found) => others[found] ?? found)
}

export const routine: Operator = (facts, all) => {
  const ddl = text(facts, 'ddl')
  const name = text(facts, 'function')
  const { header, body, end } = partsOf(ddl)
  const drafts = header
    .split('\n')
    .flatMap((line) =>
      headerChanges(line).map(({ operator, other }) =>
        draft(
          operator,
          `${line.trim()} → ${other.trim() || 'nothing'}`,
          header.replace(line, () => other) + body + end,
        ),
      ),
    )
  if (!/SECURITY DEFINER/.test(header))
    drafts.push(draft('security', 'security definer', `alter function ${name} security definer`))
  if (!/\bSTRICT\b/.test(header) && !/RETURNS trigger|RETURNS event_trigger/.test(header))
    drafts.push(draft('strict', 'strict', `alter function ${name} strict`))
  for (const owner of ownersIn(all))
    if (owner !== text(facts, 'owner'))
      drafts.push(draft('owner', `owned by ${owner}`, `alter function ${name} owner to ${owner}`))
  const changes = /LANGUAGE plpgsql/.test(header) ? bodyChanges(body) : changesOf(body)
  return [
    ...drafts,
    ...changes.map(({ operator, description, text: other }) =>
      draft(operator, description, header + other + end),
    ),
  ]
}

function partsOf(ddl: string): { header: string; body: string; end: string } {
  const [, header = '', body = '', end = ''] =
    /^([\s\S]*?\nAS (\$\w*\$))([\s\S]*)(\2\s*)$/.exec(ddl)?.filter((_, index) => index !== 2) ??
    /^([\s\S]*?\n)((?:RETURN|BEGIN ATOMIC)[\s\S]*?)(\s*)$/.exec(ddl) ??
    []
  return { header, body, end }
}

function headerChanges(line: string): { operator: string; other: string }[] {
  const changes: { operator: string; other: string }[] = []
  if (/^ SET /.test(line)) changes.push({ operator: 'setting', other: '' })
  if (/\bSECURITY DEFINER\b/.test(line))
    changes.push({ operator: 'security', other: line.replace(' SECURITY DEFINER', '') })
  if (/\bSTRICT\b/.test(line)) changes.push({ operator: 'strict', other: line.replace(' STRICT', '') })
  if (/\bSTABLE\b/.test(line))
    changes.push({ operator: 'volatility', other: line.replace(' STABLE', ' IMMUTABLE') })
  return changes
}

export const view: Operator = (facts, all) => {
  const name = text(facts, 'view')
  const query = groupedByPosition(text(facts, 'query').replace(/;\s*$/, ''))
  const options = list(facts, 'options').map((option) => option.replace('=', ' = '))
  const set = options.length === 0 ? '' : ` with (${options.join(', ')})`
  return [
    ...options.map((option) =>
      draft('option', `without ${option}`, `alter view ${name} reset (${option.split(' ')[0]})`),
    ),
    ...ownersIn(all)
      .filter((owner) => owner !== text(facts, 'owner'))
      .map((owner) => draft('owner', `owned by ${owner}`, `alter view ${name} owner to ${owner}`)),
    ...changesOf(query).map(({ operator, description, text: other }) =>
      draft(operator, description, `create or replace view ${name}${set} as ${other}`),
    ),
    ...[/\n\s*HAVING [\s\S]*$/, /\n\s*WHERE [\s\S]*?(?=\n\s*GROUP|$)/]
      .filter((part) => part.test(query))
      .map((part) =>
        draft(
          'clause',
          `without ${part.exec(query)?.[0].trim()}`,
          `create or replace view ${name}${set} as ${query.replace(part, '')}`,
        ),
      ),
  ]
}

/** Postgres prints the grouped expression twice; a change of one of them alone would only be refused. */
function groupedByPosition(query: string): string {
  const [, selected = ''] = /^\s*SELECT ([\s\S]*?) AS \w+,/.exec(query) ?? []
  return query.replace(/GROUP BY ([\s\S]*?)(?=\n\s*HAVING|$)/, (all, grouped: string) =>
    grouped.replace(/^\(+|\)+$/g, '') === selected.replace(/^\(+|\)+$/g, '') ? 'GROUP BY 1' : all,
  )
}

export const eventTrigger: Operator = (facts) => {
  const [name, tags] = [text(facts, 'trigger'), list(facts, 'tags')]
  const enabled = ENABLED[text(facts, 'enabled')] as string
  const create = (kept: string[]) =>
    `drop event trigger ${name}; create event trigger ${name} on ${text(facts, 'event')}${kept.length === 0 ? '' : ` when tag in (${kept.map((tag) => `'${tag}'`).join(', ')})`} execute function ${text(facts, 'function')}(); alter event trigger ${name} ${enabled}`
  return [
    draft('dropped', 'dropped', `drop event trigger ${name}`),
    ...Object.values(ENABLED)
      .filter((other) => other !== enabled)
      .map((other) => draft('enabled', `${enabled} → ${other}`, `alter event trigger ${name} ${other}`)),
    ...(tags.length > 1
      ? tags.map((tag) => draft('tag', `not on ${tag}`, create(tags.filter((kept) => kept !== tag))))
      : []),
  ]
}
