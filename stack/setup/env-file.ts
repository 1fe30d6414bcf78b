// .env: written from .env.example where there is none, completed where a newer .env.example names more. A line that is there
// is never changed.
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import writeFileAtomic from 'write-file-atomic'
import type { Variables } from '../../config/database-url.ts'
import { parseDotenv } from '../../config/dotenv.ts'
import { readVariables } from '../../config/stack-settings.ts'
import { readProjectFile, readTextFile } from '../../config/text-file.ts'

/** Returns the names of the variables that it added. The file is replaced as a whole, or stays as it was. */
export function completeEnvFile(root: string): string[] {
  const file = join(root, '.env')
  const example = readProjectFile(join(root, '.env.example'))
  const written = readTextFile(file, 'correct or remove it.')
  const known = parseDotenv(written ?? '', file)
  const missing = Object.entries(parseEnv(example)).filter(([name]) => !(name in known))
  if (missing.length === 0) return []
  const added = missing.map(([name, value]) => `${name}=${value}\n`).join('')
  const text = written === undefined ? copyOf(example) : `${written.replace(/\n?$/, '\n')}\n${added}`
  writeFileAtomic.sync(file, text, { mode: 0o600 })
  return missing.map(([name]) => name)
}

/** The variables as they will be once .env is complete: .env.example, overridden by what is set. */
export function plannedVariables(root: string, environment: Variables): Variables {
  return {
    ...parseEnv(readProjectFile(join(root, '.env.example'))),
    ...readVariables(environment, root),
  }
}

/** Without the comments about the example itself. */
function copyOf(example: string): string {
  const settings = example.split('\n\n').filter((part) => /^\w+=/m.test(part))
  return `# Yours: git ignores it, and scripts/setup-dev-environment.sh only ever adds what is missing.\n\n${settings.join('\n\n')}\n`
}
