// Which TypeScript file imports which, and what the layout forbids about it.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { git } from '../../config/git.ts'

/** Paths relative to the root of the project. */
export type Import = readonly [from: string, to: string]

/** An import may point to a lower layer or stay in its own folder. */
const LAYERS = [
  ['config'],
  ['migrations', 'seeds', 'ml-stub'],
  ['ops'],
  ['stack'],
  ['harness'],
  ['specs'],
  ['bench'],
]
/** What the layers above the harness may import of it, and what bench may import of the specs. */
const ENTRY_POINTS: Record<string, string[]> = {
  harness: ['harness/index.ts', 'harness/setup.ts'],
  specs: ['specs/stack-definition.ts'],
}

/** Files of the project that match, committed or new; what Git ignores is left out. */
export function filesOf(root: string, ...patterns: string[]): string[] {
  return listFiles(root, ...patterns).filter((file) => existsSync(join(root, file)))
}

/** The same as Git lists them, with deleted files and links to nothing. */
export function listFiles(root: string, ...patterns: string[]): string[] {
  const options = ['--cached', '--others', '--exclude-standard', '-z']
  const found = git(root, 'ls-files', ...options, '--', ...patterns).split('\0')
  // Git lists another checkout inside of this one as a folder.
  return found.filter((file) => file !== '' && !file.endsWith('/'))
}

/** Every import of one file of the project by another, types included. A path that is computed is not found. */
export function importsOf(root: string): Import[] {
  const files = filesOf(root, '*.ts')
  const known = new Set(files)
  return files.flatMap((from) =>
    pathsIn(readFileSync(join(root, from), 'utf8'), dirname(from))
      .filter((to) => known.has(to))
      .map((to) => [from, to] as const),
  )
}

/** Relative paths, and those that are put together from the root: `import(resolve('seeds/load.ts'))`, `import(join(ROOT, 'seeds/load.ts'))`. */
function pathsIn(text: string, folder: string): string[] {
  const relative = text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)
  const fromRoot = text.matchAll(/import\(\s*(?:resolve|join)\((?:[\w.]+,\s*)?'([^'.][^']*)'\s*,?\s*\)/g)
  return [
    ...[...relative].map(([, path = '']) => normalize(join(folder, path))),
    ...[...fromRoot].map(([, path = '']) => normalize(path)),
  ]
}

/** Groups of nodes that import each other in a circle. A node is a file, or what `nodeOf` makes of it. */
export function cyclesIn(imports: Import[], nodeOf = (file: string) => file): string[][] {
  const next = new Map<string, Set<string>>()
  for (const [from, to] of imports) {
    const [a, b] = [nodeOf(from), nodeOf(to)]
    if (a !== b) next.set(a, (next.get(a) ?? new Set()).add(b))
  }
  const reach = new Map([...next.keys()].map((node) => [node, reachableFrom(node, next)]))
  const groups = [...reach.keys()]
    .map((node) =>
      [...reach.keys()].filter((other) => reach.get(node)?.has(other) && reach.get(other)?.has(node)),
    )
    .filter((group) => group.length > 0)
  return [...new Map(groups.map((group) => [group.join(' '), group.sort()])).values()]
}

/** The folder of a file, `depth` levels deep at most. A folder's own files count as that folder. */
export const folderAt = (depth: number) => (file: string) =>
  dirname(file).split('/').slice(0, depth).join('/')

/** Imports that point upwards, sideways, or past an entry point. */
export function forbiddenIn(imports: Import[]): Import[] {
  const layerOf = (folder: string) => LAYERS.findIndex((layer) => layer.includes(folder))
  return imports.filter(([from, to]) => {
    const [a, b] = [folderAt(1)(from), folderAt(1)(to)]
    if (a === b || b === '.') return false
    const pointsDown = layerOf(b) !== -1 && layerOf(b) < layerOf(a)
    return !pointsDown || ENTRY_POINTS[b]?.includes(to) === false
  })
}

function reachableFrom(start: string, next: Map<string, Set<string>>): Set<string> {
  const reached = new Set<string>()
  const open = [start]
  for (let node = open.pop(); node !== undefined; node = open.pop())
    for (const other of next.get(node) ?? [])
      if (!reached.has(other)) {
        reached.add(other)
        open.push(other)
      }
  return reached
}
