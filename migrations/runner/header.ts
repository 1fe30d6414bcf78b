// The comment block at the top of an up file: what the migration is, and how it is to be run.

export interface Header {
  transactional: boolean
  /** Applied only when its group is asked for. */
  optIn: string | null
  /** Whose privileges the statements have: the owner of the schema, or the login itself, which may be a superuser. */
  runAs: 'owner' | 'login'
}

const FOR_PEOPLE = ['needs', 'proves']
const DIRECTIVE = /^-- ([a-z-]+):(.*)$|^-- (no-transaction)$/gm

/** Reads the directives. `refuse` is called with what is wrong: a misspelt one would otherwise be without effect. */
export function readHeader(sql: string, refuse: (what: string) => never): Header {
  const [block = ''] = /^(?:--.*\n)*/.exec(sql) ?? []
  const header: Header = { transactional: true, optIn: null, runAs: 'owner' }
  for (const [, named, text = '', bare] of block.matchAll(DIRECTIVE)) {
    const value = text.trim()
    const key = named ?? bare ?? ''
    if (key === 'no-transaction' && value === '') header.transactional = false
    else if (key === 'opt-in' && /^[a-z][a-z0-9-]*$/.test(value)) header.optIn = value
    else if (key === 'run-as' && value === 'login') header.runAs = value
    else if (!FOR_PEOPLE.includes(key)) refuse(`says '${key}: ${value}' at its top, which is no directive`)
  }
  return header
}
