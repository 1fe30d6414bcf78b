// .env: written from .env.example where there is none, completed where a newer .env.example names more. What a developer
// has written there is never changed.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import writeFileAtomic from 'write-file-atomic'
import type { Variables } from '../../config/database-url.ts'
import { readVariables } from '../../config/stack-settings.ts'

/** Names of the variables that were added; all of them in a new file. A file is whole or as it was. */
export function completeSettings(root: string): string[] {
  const file = join(root, '.env')
  const example = readFileSync(join(root, '.env.example'), 'utf8')
  const written = existsSync(file) ? readFileSync(file, 'utf8') : undefined
  const known = written === undefined ? {} : parseEnv(written)
  const missing = Object.entries(parseEnv(example)).filter(([name]) => !(name in known))
  if (missing.length === 0) return []
  const added = missing.map(([name, value]) => `${name}=${value}\n`).join('')
  const text = written === undefined ? ownCopyOf(example) : `${written.replace(/\n?$/, '\n')}\n${added}`
  writeFileAtomic.sync(file, text, { mode: 0o600 })
  return missing.map(([name]) => name)
}

/** What the variables will be once .env is complete: what is set, over what the example says. */
export function variablesToBe(root: string, environment: Variables): Variables {
  return {
    ...parseEnv(readFileSync(join(root, '.env.example'), 'utf8')),
    ...readVariables(environment, root),
  }
}

/** Without what is about the example itself. */
function ownCopyOf(example: string): string {
  const settings = example.split('\n\n').filter((part) => /^\w+=/m.test(part))
  return `# Yours: git ignores it, and scripts/setup-dev-environment.sh only ever adds what is missing.\n\n${settings.join('\n\n')}\n`
}
