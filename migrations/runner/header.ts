// The comment block at the top of an up file: what the migration is and how it runs.

export interface Header {
  transactional: boolean
  /** The group that must be named for the migration to be applied. */
  optIn: string | null
}

const DOCUMENTATION = ['needs', 'proves']
const DIRECTIVE = /^-- ([a-z-]+):(.*)$|^-- (no-transaction)$/gm

/** Reads the directives. `refuse` is called for an unknown one: a misspelt directive would otherwise have no effect. */
export function readHeader(sql: string, refuse: (what: string) => never): Header {
  const [block = ''] = /^(?:--.*\n)*/.exec(sql) ?? []
  const header: Header = { transactional: true, optIn: null }
  for (const [, named, text = '', flag] of block.matchAll(DIRECTIVE)) {
    const value = text.trim()
    const key = named ?? flag ?? ''
    if (key === 'no-transaction' && value === '') header.transactional = false
    else if (key === 'opt-in' && /^[a-z][a-z0-9-]*$/.test(value)) header.optIn = value
    else if (!DOCUMENTATION.includes(key))
      refuse(`has '${key}: ${value}' in its header, which is not a directive`)
  }
  return header
}
