// The operators: what can be wrong with an object of each kind, as statements that a superuser runs.
import { changesOf } from './expressions.ts'
import { type CatalogObject, type Draft, type Mutant, mutantsOf } from './mutant.ts'
import { bodyChanges } from './statements.ts'

type Facts = CatalogObject['facts']
type Operator = (facts: Facts, all: CatalogObject[], object: CatalogObject) => Draft[]

const text = (facts: Facts, name: string) => String(facts[name] ?? '')
const list = (facts: Facts, name: string) => (facts[name] ?? []) as string[]
const draft = (operator: string, description: string, statements: string): Draft => ({
  operator,
  description,
  statements,
})

/** All mutants of these objects. */
export function generate(objects: CatalogObject[]): Mutant[] {
  return objects.flatMap((object) => {
    const operator = OPERATORS[object.kind]
    return operator === undefined ? [] : mutantsOf(object, operator(object.facts, objects, object))
  })
}

const constraint: Operator = (facts, _, { definition }) => {
  const alter = `alter table ${text(facts, 'table')}`
  const name = text(facts, 'constraint')
  const drop = `${alter} drop constraint ${name} cascade`
  const replace = (operator: string, description: string, other: string) =>
    draft(operator, description, `${drop}; ${alter} add constraint ${name} ${other}`)
  const drafts = [draft('dropped', 'dropped', drop)]
  if (facts.type === 'c') {
    const expression = definition.replace(/^CHECK \(/, '').replace(/\)(?: NOT VALID)?$/, '')
    for (const { operator, description, text: other } of changesOf(expression))
      drafts.push(replace(operator, description, `check (${other}) not valid`))
    drafts.push(replace('not valid', 'not validated', `${definition} not valid`))
  } else {
    for (const other of withoutColumns(definition))
      drafts.push(replace('column', `${definition} → ${other}`, other))
    drafts.push(replace('deferrable', 'initially deferred', `${definition} deferrable initially deferred`))
  }
  if (facts.type === 'f') {
    const plain = definition.replace(/ ON (?:DELETE|UPDATE) (?:CASCADE|RESTRICT|SET NULL|SET DEFAULT)/g, '')
    for (const action of ['cascade', 'restrict', 'set null', 'no action'])
      drafts.push(replace('action', `on delete ${action}`, `${plain} on delete ${action}`))
    drafts.push(replace('action', 'on update cascade', `${definition} on update cascade`))
    drafts.push(replace('not valid', 'not validated', `${definition} not valid`))
  }
  return drafts
}

/** For a key over several columns: the same without each of them. */
function withoutColumns(definition: string): string[] {
  const [, columns = ''] = /\(([^()]*)\)/.exec(definition) ?? []
  const all = columns.split(', ')
  if (all.length < 2) return []
  return all.map((one) => definition.replace(columns, all.filter((other) => other !== one).join(', ')))
}

/** An index that is not unique changes no result, only speed; the plans are what its specs look at. */
const index: Operator = (facts, _, { definition }) => {
  const name = text(facts, 'index')
  const drop = `drop index ${name}`
  const drafts = [draft('dropped', 'dropped', drop)]
  if (facts.unique !== true) return drafts
  const replace = (operator: string, other: string) => draft(operator, other, `${drop}; ${other}`)
  drafts.push(replace('not unique', definition.replace('UNIQUE ', '')))
  drafts.push(replace('partial', `${definition.replace(/ WHERE .*/, '')} where false`))
  drafts.push(replace('nulls', definition.replace(/( WHERE |$)/, ' nulls not distinct$1')))
  if (/ WHERE /.test(definition)) drafts.push(replace('whole', definition.replace(/ WHERE .*/, '')))
  for (const { operator, text: other } of changesOf(definition.replace(/^.*? USING /, '')))
    drafts.push(replace(operator, definition.replace(/ USING .*/, ' USING ') + other))
  for (const other of withoutColumns(definition)) drafts.push(replace('column', other))
  return drafts
}

const ENABLED: Record<string, string> = { O: 'enable', A: 'enable always', R: 'enable replica', D: 'disable' }

const trigger: Operator = (facts) => {
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

const routine: Operator = (facts, all) => {
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

function ownersIn(all: CatalogObject[]): string[] {
  return all.filter(({ kind, facts }) => kind === 'role' && facts.owns === true).map(({ name }) => name)
}

const policy: Operator = (facts) => {
  const [table, name] = [text(facts, 'table'), text(facts, 'policy')]
  const drop = `drop policy ${name} on ${table}`
  const command =
    { r: 'select', a: 'insert', w: 'update', d: 'delete', '*': 'all' }[text(facts, 'command')] ?? 'all'
  const now = {
    command,
    to: list(facts, 'roles')
      .map((role) => (role === '-' ? 'public' : role))
      .join(', '),
    using: facts.using as string | null,
    check: facts.check as string | null,
    kind: facts.permissive === true ? 'permissive' : 'restrictive',
  }
  const replace = (operator: string, description: string, other: Partial<typeof now>) => {
    const { command, to, using, check, kind } = { ...now, ...other }
    const create = `create policy ${name} on ${table} as ${kind} for ${command} to ${to}${using === null || using === undefined ? '' : ` using (${using})`}${check === null || check === undefined ? '' : ` with check (${check})`}`
    return draft(operator, description, `${drop}; ${create}`)
  }
  const drafts = [draft('dropped', 'dropped', drop), replace('roles', 'to public', { to: 'public' })]
  drafts.push(
    replace('kind', 'permissive ↔ restrictive', {
      kind: now.kind === 'permissive' ? 'restrictive' : 'permissive',
    }),
  )
  if (command !== 'all')
    drafts.push(
      replace('command', 'for all', {
        command: 'all',
        using: now.using ?? now.check,
        check: command === 'select' || command === 'delete' ? now.using : now.check,
      }),
    )
  for (const part of ['using', 'check'] as const) {
    const expression = now[part]
    if (expression === null) continue
    for (const constant of ['true', 'false'])
      if (expression !== constant) drafts.push(replace(part, `${part} ${constant}`, { [part]: constant }))
    for (const { operator, description, text: other } of changesOf(expression))
      if (!['true', 'false'].includes(expression))
        drafts.push(replace(operator, `${part}: ${description}`, { [part]: other }))
  }
  if (now.using !== null && now.check !== null && command === 'update')
    drafts.push(replace('check', 'without with check', { check: null }))
  return drafts
}

const view: Operator = (facts, all) => {
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

const column: Operator = (facts) => {
  const [table, name] = [text(facts, 'table'), text(facts, 'column')]
  const alter = `alter table ${table} alter column ${name}`
  const drafts: Draft[] = []
  const value = facts.default as string | null
  if (facts.notNull === true) drafts.push(draft('not null', 'may be null', `${alter} drop not null`))
  if (facts.identity === 'a')
    drafts.push(draft('identity', 'generated by default', `${alter} set generated by default`))
  if (value !== null) {
    drafts.push(draft('default', 'without its default', `${alter} drop default`))
    for (const { operator, description, text: other } of changesOf(value))
      drafts.push(draft(operator, `default: ${description}`, `${alter} set default ${other}`))
  }
  return [...drafts, ...commentChanges(`comment on column ${table}.${name} is`, text(facts, 'comment'))]
}

/** A comment that begins with a list in brackets says how the column is treated: without it, and without each word. */
function commentChanges(comment: string, now: string): Draft[] {
  const [words, inner = ''] = /^\[([^\]]+)\]/.exec(now) ?? []
  if (words === undefined) return []
  const all = inner.split(', ')
  const other = (kept: string[]) =>
    `${comment} '${now.replace(words, kept.length === 0 ? '' : `[${kept.join(', ')}]`).replaceAll("'", "''")}'`
  return all.map((word) => draft('comment', `without [${word}]`, other(all.filter((kept) => kept !== word))))
}

const table: Operator = (facts) => {
  const alter = `alter table ${text(facts, 'table')}`
  const drafts = [draft('unlogged', 'unlogged', `${alter} set unlogged`)]
  if (facts.rowSecurity === true)
    drafts.push(draft('row security', 'disabled', `${alter} disable row level security`))
  if (facts.forced === true)
    drafts.push(draft('row security', 'not forced', `${alter} no force row level security`))
  return drafts
}

const partition: Operator = (facts) => {
  const [leaf, parent, bound] = [text(facts, 'leaf'), text(facts, 'parent'), text(facts, 'bound')]
  const [, from = '', to = ''] = /FROM \((.*)\) TO \((.*)\)/.exec(bound) ?? []
  const move = (description: string, start: string, end: string) =>
    draft(
      'bounds',
      description,
      `alter table ${parent} detach partition ${leaf}; do $m$ begin execute format('alter table ${parent} attach partition ${leaf} for values from (%L) to (%L)', ${start}, ${end}); end $m$`,
    )
  return [
    draft('dropped', 'dropped', `drop table ${leaf}`),
    draft('detached', 'detached', `alter table ${parent} detach partition ${leaf}`),
    move(
      'begins a microsecond later',
      `${from}::timestamptz + interval '1 microsecond'`,
      `${to}::timestamptz`,
    ),
    move(
      'ends a microsecond earlier',
      `${from}::timestamptz`,
      `${to}::timestamptz - interval '1 microsecond'`,
    ),
    move('ends a day earlier', `${from}::timestamptz`, `${to}::timestamptz - interval '1 day'`),
  ]
}

const enumeration: Operator = (facts) => [
  draft('label', 'one more', `alter type ${text(facts, 'type')} add value 'other'`),
]

const eventTrigger: Operator = (facts) => {
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

const grant: Operator = (facts) => {
  const { kind, target, column } = targetOf(text(facts, 'object'))
  const privilege = `${text(facts, 'privilege')}${column}`
  const grantee = text(facts, 'grantee')
  return [
    draft('revoked', 'revoked', `revoke ${privilege} on ${kind} ${target} from ${grantee}`),
    ...(grantee === 'public'
      ? []
      : [
          draft(
            'grant option',
            'with grant option',
            `grant ${privilege} on ${kind} ${target} to ${grantee} with grant option`,
          ),
        ]),
  ]
}

const PRIVILEGES: Record<string, string[]> = {
  table: ['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger', 'maintain'],
  sequence: ['usage', 'select', 'update'],
  function: ['execute'],
  schema: ['usage', 'create'],
  type: ['usage'],
  language: ['usage'],
}

/** Each privilege that a role does not have. */
const grantable: Operator = (facts, all) => {
  const { kind, target } = targetOf(text(facts, 'object'))
  const granted = new Set(
    all
      .filter((each) => each.kind === 'grant')
      .map(({ facts: { object, privilege, grantee } }) => `${object} ${privilege} ${grantee}`),
  )
  const roles = ['public', ...all.filter((each) => each.kind === 'role').map(({ name }) => name)]
  return roles.flatMap((role) =>
    (PRIVILEGES[kind] ?? [])
      .filter((privilege) => !granted.has(`${text(facts, 'object')} ${privilege} ${role}`))
      .map((privilege) =>
        draft('granted', `${privilege} to ${role}`, `grant ${privilege} on ${kind} ${target} to ${role}`),
      ),
  )
}

function targetOf(object: string): { kind: string; target: string; column: string } {
  const [, kind = '', target = '', column = ''] = /^(\w+) (.*?)(?: (\([^()]*\)))?$/.exec(object) ?? []
  return kind === 'table'
    ? { kind, target, column: column === '' ? '' : ` ${column}` }
    : { kind, target: object.slice(kind.length + 1), column: '' }
}

/** What a role that creates objects would give away with each new one; and what a role may do in the whole cluster. */
const role: Operator = (facts, all) => {
  const name = text(facts, 'role')
  const others = all.filter((each) => each.kind === 'role' && each.name !== name).map((each) => each.name)
  const later: [string, string[]][] = [
    ['tables', ['select', 'insert']],
    ['functions', ['execute']],
    ['sequences', ['usage']],
    ['types', ['usage']],
    ['schemas', ['usage']],
  ]
  if (facts.owns !== true) return []
  return later.flatMap(([kind, privileges]) =>
    privileges.flatMap((privilege) =>
      ['public', ...others].map((other) =>
        draft(
          'granted later',
          `${privilege} on ${kind} to ${other}`,
          `alter default privileges for role ${name} grant ${privilege} on ${kind} to ${other}`,
        ),
      ),
    ),
  )
}

const OPERATORS: Record<string, Operator> = {
  constraint,
  index,
  trigger,
  function: routine,
  policy,
  view,
  column,
  table,
  partition,
  enum: enumeration,
  'event trigger': eventTrigger,
  grant,
  grantable,
  role,
}
