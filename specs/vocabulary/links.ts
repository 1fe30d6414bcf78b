// The links of the documentation, checked without a network.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import type { Project } from '../../harness/index.ts'
import { documents } from './fences.ts'

interface Link {
  file: string
  target: string
}

/** Links that lead to no file of the project, or to no heading of it. */
export function brokenLinks(project: Project): string[] {
  return linksOf(project)
    .filter(({ target }) => !/^https?:/.test(target))
    .filter((link) => !resolves(project, link))
    .map(({ file, target }) => `${file}: ${target}`)
}

/** Every link outside of code. */
export function linksOf(project: Project): Link[] {
  return documents(project).flatMap((file) =>
    [...proseOf(project, file).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => ({ file, target })),
  )
}

function resolves(project: Project, { file, target }: Link): boolean {
  const [path = '', anchor] = target.split('#')
  const linked = path === '' ? file : normalize(join(dirname(file), path))
  if (!existsSync(join(project.root, linked))) return false
  return anchor === undefined || anchorsOf(project, linked).includes(anchor)
}

/** As GitHub makes them from headings. */
function anchorsOf(project: Project, file: string): string[] {
  const headings = [...proseOf(project, file).matchAll(/^#+ (.+)$/gm)].map(([, text = '']) => text)
  return headings.map((text) =>
    text
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  )
}

function proseOf({ root }: Project, file: string): string {
  return readFileSync(join(root, file), 'utf8')
    .replaceAll(/^\s*```[\s\S]*?^\s*```/gm, '')
    .replaceAll(/`[^`\n]*`/g, '')
}
