// How big the project is and how it hangs together: `npm run size [-- FOLDER]`, for this project or for another checkout of it.
// Lines are those of every text that somebody wrote; functions are found by the indentation that Biome gives them.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { ROOT } from '../../config/root.ts'
import { cyclesIn, filesOf, folderAt, importsOf } from './imports.ts'

interface Text {
  file: string
  kind: 'code' | 'test' | 'docs'
  lines: string[]
}

const root = resolve(process.argv[2] ?? ROOT)
const texts = readTexts()
for (const lines of [sizes(), extremes(), graph(), dependencies()]) console.log(`${lines.join('\n')}\n`)

function readTexts(): Text[] {
  return filesOf(root, '.')
    .filter((file) => !/package-lock\.json$|requirements\.txt$/.test(file))
    .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }))
    .filter(({ text }) => !text.includes('\0'))
    .map(({ file, text }) => ({ file, kind: kindOf(file), lines: text.trimEnd().split('\n') }))
}

function kindOf(file: string): Text['kind'] {
  if (file.endsWith('.md')) return 'docs'
  return /^specs\/|\.test\.ts$/.test(file) ? 'test' : 'code'
}

function sizes(): string[] {
  const row = (title: string, own: Text[]) => {
    const cells = (['code', 'test', 'docs'] as const).flatMap((kind) => {
      const these = own.filter((text) => text.kind === kind)
      return [these.length, sum(these.map(({ lines }) => lines.length))]
    })
    const all = [own.length, sum(own.map(({ lines }) => lines.length))]
    return title.padEnd(14) + [...cells, ...all].map((cell) => String(cell).padStart(8)).join('')
  }
  const folders = Map.groupBy(texts, ({ file }) => folderAt(1)(file))
  const head = ['code', 'lines', 'tests', 'lines', 'docs', 'lines', 'all', 'lines']
  return [
    'folder'.padEnd(14) + head.map((cell) => cell.padStart(8)).join(''),
    ...[...folders].sort().map(([folder, own]) => row(folder === '.' ? '(root)' : folder, own)),
    row('all', texts),
    ...['.faults.ts', '.ts', '.sql'].map((end) => {
      const own = texts.filter(({ file }) => file.endsWith(end))
      return row(`  *${end}`, own)
    }),
  ]
}

function extremes(): string[] {
  const describe = (title: string, found: { name: string; length: number }[]) => {
    const sorted = found.toSorted((a, b) => a.length - b.length)
    const longest = sorted.slice(-3).toReversed()
    const median = sorted[Math.floor(sorted.length / 2)]?.length
    return `${title}: ${found.length}, median ${median} lines, longest ${longest.map(({ name, length }) => `${name} ${length}`).join(', ')}`
  }
  const typeScript = texts.filter(({ file }) => file.endsWith('.ts'))
  return (['code', 'test'] as const).flatMap((kind) => {
    const own = typeScript.filter((text) => text.kind === kind)
    const functions = own.flatMap(functionsOf)
    return [
      describe(
        `files (TypeScript, ${kind})`,
        own.map(({ file, lines }) => ({ name: file, length: lines.length })),
      ),
      describe(`named functions (${kind})`, functions),
      `  longer than 25 lines: ${functions.filter(({ length }) => length > 25).length} functions; than 200: ${own.filter(({ lines }) => lines.length > 200).length} files`,
    ]
  })
}

/** Declared functions, methods, and arrow functions that have a name. */
function functionsOf({ file, lines }: Text): { name: string; length: number }[] {
  const starts =
    /^( *)(?:export |default |async )*(?:function\*? (\w+)|const (\w+) = (?:async )?(?:<.*>)?(?:\(.*\).*=>|\($|\w+ =>)|(?:async )?(?!if|for|while|switch|catch|return)(#?\w+)\(.*\).*\{$)/
  return lines.flatMap((line, at) => {
    const [, indent, ...names] = starts.exec(line) ?? []
    if (indent === undefined) return []
    const name = names.find((one) => one !== undefined) ?? ''
    return /^(?:describe|test)$/.test(name)
      ? []
      : [{ name: `${file}:${at + 1} ${name}`, length: lengthFrom(lines, at, indent.length) }]
  })
}

/** Up to the line that closes it: the next one that is not indented further and does not open a block again. */
function lengthFrom(lines: string[], start: number, indent: number): number {
  for (let at = start + 1; at < lines.length; at++) {
    const line = lines[at] ?? ''
    if (line === '' || line.search(/\S/) > indent) continue
    const closes = line.search(/\S/) === indent && /^[)}\]]/.test(line.trim())
    if (!closes) return at - start
    if (!/[{(]$/.test(line)) return at - start + 1
  }
  return lines.length - start
}

function graph(): string[] {
  const imports = importsOf(root)
  const between = imports
    .map(([from, to]) => [folderAt(1)(from), folderAt(1)(to)])
    .filter(([a, b]) => a !== b)
  const arrows = Map.groupBy(between, ([from, to]) => `${from} -> ${to}`)
  const cycles = (title: string, found: string[][]) =>
    `cycles between ${title}: ${found.length}${found.map((cycle) => `\n  ${cycle.join(' ')}`).join('')}`
  return [
    cycles('files', cyclesIn(imports)),
    ...[1, 2, 3].map((depth) => cycles(`folders, depth ${depth}`, cyclesIn(imports, folderAt(depth)))),
    `imports between folders: ${between.length} along ${arrows.size} arrows`,
    ...[...arrows].sort().map(([arrow, all]) => `  ${arrow}  ${all.length}`),
  ]
}

/** Dependencies that no TypeScript imports and whose command no file names. */
function dependencies(): string[] {
  const { dependencies = {}, devDependencies = {} } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  )
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  const written = texts
    .filter(({ kind }) => kind !== 'docs')
    .map(({ file, lines }) =>
      (file === 'package.json' ? lines.filter((line) => !/": "[\d.]+"/.test(line)) : lines).join('\n'),
    )
    .join('\n')
  const isUsed = (name: string) => {
    const commands = Object.keys(packages[`node_modules/${name}`]?.bin ?? {})
    return (
      name.startsWith('@types/') ||
      written.includes(`'${name}'`) ||
      written.includes(`'${name}/`) ||
      commands.some((command) => new RegExp(`(?<![\\w-])${command}(?![\\w-])`).test(written))
    )
  }
  const of = (names: string[]) => names.filter((name) => !isUsed(name)).join(', ') || 'none'
  return [
    `dependencies: ${Object.keys(dependencies).length}, unused: ${of(Object.keys(dependencies))}`,
    `development dependencies: ${Object.keys(devDependencies).length}, unused: ${of(Object.keys(devDependencies))}`,
  ]
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
