// What can be wrong with who may do what: policies and privileges.
import { changesOf } from './expressions.ts'
import { draft, list, type Operator, text } from './facts.ts'

export const policy: Operator = (facts) => {
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

export const grant: Operator = (facts) => {
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
export const grantable: Operator = (facts, all) => {
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

/** What a role that creates objects would give away with each new one. */
export const creator: Operator = (facts, all) => {
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
