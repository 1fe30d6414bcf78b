// Reads docker/images.lock: the upstream images with digest and stand-in, and the images that are built here. Strict, because a
// misread line would run another image than the reviewed one.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Document, isMap, isScalar, LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'
import { CliError, type CliErrorOptions, EXIT } from '../../config/cli-error.ts'
import { readTextFile } from '../../config/text-file.ts'

export interface UpstreamImage {
  name: string
  /** registry/path:tag@sha256:… */
  reference: string
  /** Folder of the stand-in, from the project's root; undefined where there is none. */
  standIn: string | undefined
  /** What works without the image; undefined where it has a stand-in. */
  instead: string | undefined
  /** Compose profile without which nobody needs it. */
  profile: string | undefined
  line: number
}

export interface OwnImage {
  name: string
  dockerfile: string
  /** Name of an upstream image. */
  base: string
  /** Folder that the Dockerfile copies from. */
  context: string
  /** All that it may copy, from that folder. */
  inputs: string[]
}

export interface ImageLock {
  upstream: Map<string, UpstreamImage>
  /** In the order of building. */
  own: Map<string, OwnImage>
}

export const LOCK_FILE = 'docker/images.lock'

/** Throws CliError (2) that names every line that is wrong. */
export function readLock(root: string): ImageLock {
  const file = join(root, LOCK_FILE)
  const text = readTextFile(file, `git checkout ${LOCK_FILE}`)
  return parseLock(text ?? '', (path) => existsSync(join(root, path)))
}

/** As `readLock`, from text; `exists` tells whether a file of the project is there. */
export function parseLock(text: string, exists: (path: string) => boolean): ImageLock {
  const counter = new LineCounter()
  const document = parseDocument(text, { lineCounter: counter })
  const lineOf = (path: PropertyKey[]) => counter.linePos(offsetOf(document, path)).line
  const syntax = document.errors.map(({ pos, message }) => ({
    line: counter.linePos(pos[0]).line,
    message: message.split(/ at line|\n/)[0] ?? '',
  }))
  if (syntax.length > 0) throw malformed(syntax)
  const { data, error } = Lock.safeParse(document.toJS())
  const problems: Problem[] = error?.issues ?? (data ? referenceProblems(data, exists) : [])
  if (data === undefined || problems.length > 0)
    throw malformed(
      problems.map(({ path, message }) => ({ line: lineOf(path), message: label(path, message) })),
    )
  const upstream = Object.entries(data.upstream).map(
    ([name, { image, 'stand-in': folder, instead, profile }]) => ({
      ...{ name, reference: image, standIn: folder === NO_STAND_IN ? undefined : folder, instead, profile },
      line: lineOf(['upstream', name, 'image']),
    }),
  )
  const own = Object.entries(data.own).map(([name, image]) => ({ name, ...image }))
  return { upstream: byName(upstream), own: byName(own) }
}

/** Offset of the key that a path leads to, or of the innermost key on the way that exists. */
function offsetOf(document: Document, path: PropertyKey[]): number {
  let node: unknown = document.contents
  let offset = 0
  for (const part of path) {
    const pair = isMap(node) ? node.items.find(({ key }) => isScalar(key) && key.value === part) : undefined
    if (pair === undefined || !isScalar(pair.key)) return offset
    offset = pair.key.range?.[0] ?? offset
    node = pair.value
  }
  return offset
}

const Name = z.string().regex(/^[a-z][a-z0-9-]*$/)
const imagesOf = <Image extends z.ZodType>(image: Image) =>
  z.record(Name, image, {
    error: ({ code }) =>
      code === 'invalid_key' ? 'A name has lower case letters, digits and hyphens.' : undefined,
  })

/** The registry is always written: a host name with a dot, or with a port. */
const TAGGED = /^(?:[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?|[a-z0-9-]+:\d+)(?:\/[a-z0-9._-]+)+:\w[\w.-]{0,127}$/
const DIGEST = /^sha256:[0-9a-f]{64}$/

function isLocked(reference: string): boolean {
  const [tagged = '', digest = '', ...rest] = reference.split('@')
  return TAGGED.test(tagged) && DIGEST.test(digest) && rest.length === 0
}

/** Said, and not left out, so that a forgotten stand-in is noticed. */
const NO_STAND_IN = 'none'

const Upstream = z.strictObject({
  image: z
    .string()
    .refine(isLocked, 'Write registry/path:tag@sha256: and the 64 hexadecimal digits of the digest.'),
  'stand-in': z.string(),
  instead: z.string().min(1).optional(),
  profile: Name.optional(),
})
const Own = z.strictObject({
  dockerfile: z.string(),
  base: z.string(),
  context: z.string(),
  inputs: z.array(z.string()),
})
const Lock = z.strictObject({ upstream: imagesOf(Upstream), own: imagesOf(Own).default({}) })

interface Problem {
  path: PropertyKey[]
  message: string
}

/** What the shape of the file does not show: files and names that do not exist, and names that stand twice. */
function referenceProblems(
  { upstream, own }: z.infer<typeof Lock>,
  exists: (path: string) => boolean,
): Problem[] {
  const names = Object.keys(upstream)
  const when = (isWrong: boolean, path: string[], message: string) => (isWrong ? [{ path, message }] : [])
  return [
    ...when(names.length === 0, ['upstream'], 'No image is named.'),
    ...Object.entries(upstream).flatMap(([name, { 'stand-in': folder, instead }]) => [
      ...when(
        (folder === NO_STAND_IN) !== (instead !== undefined),
        ['upstream', name, 'stand-in'],
        'An image without a stand-in, and no other, says under `instead` what works without it.',
      ),
      ...when(
        folder !== NO_STAND_IN && !exists(`${folder}/Dockerfile`),
        ['upstream', name, 'stand-in'],
        'That folder has no Dockerfile.',
      ),
    ]),
    ...Object.entries(own).flatMap(([name, { dockerfile, base }]) => [
      ...when(names.includes(name), ['own', name], 'The name is that of an upstream image.'),
      ...when(!exists(dockerfile), ['own', name, 'dockerfile'], `There is no file ${dockerfile}.`),
      ...when(!names.includes(base), ['own', name, 'base'], `Use one of: ${names.join(', ')}.`),
    ]),
  ]
}

function byName<T extends { name: string }>(images: T[]): Map<string, T> {
  return new Map(images.map((image) => [image.name, image]))
}

function label(path: PropertyKey[], message: string): string {
  const key = path.map(String).join('.')
  return `${key}${key === '' ? '' : ': '}${message}`
}

/** One error for each line, so that all can be corrected at once. */
function malformed(problems: { line: number; message: string }[]): CliError {
  const [first, ...others] = problems.map(({ line, message }) => ({
    what: `${LOCK_FILE}:${line}: ${message.replace(/[^.]$/, '$&.')}`,
    next: 'correct that line, then scripts/images.sh status.',
    exitCode: EXIT.usage,
  }))
  return new CliError({ ...(first as CliErrorOptions), others: others.map((other) => new CliError(other)) })
}
