// Whom .github/CODEOWNERS asks to review what.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Project } from '../../harness/index.ts'

interface Rule {
  /** From the root of the project; a star is everything. */
  path: string
  owners: string[]
}

/** Its lines, in their order. */
export function ownerRules({ root }: Project): Rule[] {
  const lines = readFileSync(join(root, '.github/CODEOWNERS'), 'utf8').split('\n')
  const rules = lines.filter((line) => line !== '' && !line.startsWith('#'))
  return rules.map((line) => {
    const [path = '', ...owners] = line.split(/\s+/)
    return { path: path.replace(/^\//, ''), owners }
  })
}

/** The owners of a path: the last rule that fits decides, as GitHub says. */
export function ownersOf(project: Project, path: string): string[] {
  return ownerRules(project).findLast((rule) => rule.path === '*' || path.startsWith(rule.path))?.owners ?? []
}
