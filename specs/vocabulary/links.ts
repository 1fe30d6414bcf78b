// The links of the documentation, checked without a network.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import type { Project } from '../../harness/index.ts'
import { documents } from './fences.ts'

interface Link {
  file: string
  target: string
}

/** Inline, with a title or between angles; the definition of one; an attribute of HTML. */
const FORMS = [
  /\]\(\s*<?([^)<>\s]+)>?(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)/g,
  /^ {0,3}\[[^\]]+\]:\s*<?([^<>\s]+)>?/gm,
  /\s(?:href|src)="([^"]*)"/g,
]
const OUTSIDE = /^https?:\/\/[\w-]+(?:\.[\w-]+)+(?:[/?#]|$)/

/** Links that lead to no file of the project, to no heading of it, or to no address. */
export function brokenLinks(project: Project): string[] {
  const links = linksOf(project)
    .filter(({ target }) => !OUTSIDE.test(target))
    .filter((link) => !resolves(project, link))
  return [...links, ...undefinedLinks(project)].map(({ file, target }) => `${file}: ${target}`)
}

/** Every link outside of code. */
export function linksOf(project: Project): Link[] {
  return documents(project).flatMap((file) => {
    const text = proseOf(project, file)
    return FORMS.flatMap((form) => [...text.matchAll(form)].map(([, target = '']) => ({ file, target })))
  })
}

/** `[text][name]` without a definition of the name. */
function undefinedLinks(project: Project): Link[] {
  return documents(project).flatMap((file) => {
    const text = proseOf(project, file)
    const names = [...text.matchAll(/\]\[([^\]]+)\]/g)].map(([, name = '']) => name)
    return names
      .filter((name) => !text.includes(`\n[${name}]: `))
      .map((name) => ({ file, target: `[${name}]` }))
  })
}

function resolves(project: Project, { file, target }: Link): boolean {
  const [path = '', anchor] = target.split('#')
  const linked = path === '' ? file : normalize(join(dirname(file), path))
  if (!existsSync(join(project.root, linked)) || !isInClone(project, linked)) return false
  return anchor === undefined || anchorsOf(project, linked).includes(anchor)
}

/** Not outside of it, and in no folder that git leaves out. */
function isInClone({ root }: Project, path: string): boolean {
  const ignored = readFileSync(join(root, '.gitignore'), 'utf8').split('\n')
  const names = path.split('/')
  return names[0] !== '..' && !names.some((name) => ignored.includes(name) || ignored.includes(`${name}/`))
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
    .replaceAll(/^\s*(```|~~~)[\s\S]*?^\s*\1/gm, '')
    .replaceAll(/`[^`\n]*`/g, '')
}
