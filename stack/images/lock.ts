// docker/images.lock: the upstream images by name, each with its digest and its stand-in. Read strictly, because a line that
// is half understood would run another image than the one that was reviewed.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CliError } from '../../config/cli-error.ts'

export interface LockedImage {
  name: string
  /** registry/path:tag@sha256:… */
  reference: string
  /** Folder of the stand-in, from the project's root. */
  standIn: string
  line: number
}

export const LOCK_FILE = 'docker/images.lock'

/** The images of the lock file below `root`, by name. Throws CliError (2) that names every line that is wrong. */
export function readLock(root: string): Map<string, LockedImage> {
  const file = join(root, LOCK_FILE)
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  return parseLock(text, (folder) => existsSync(join(root, folder, 'Dockerfile')))
}

/** As `readLock`, from text; `isStandIn` tells whether a folder can be built. */
export function parseLock(text: string, isStandIn: (folder: string) => boolean): Map<string, LockedImage> {
  const images = new Map<string, LockedImage>()
  const faults: string[] = []
  for (const [index, content] of text.split('\n').entries()) {
    const cells = content.replace(/(?:^|\s)#.*/, '').match(/\S+/g)
    if (cells === null) continue
    const fault = faultOf(cells, images, isStandIn)
    if (fault !== undefined) faults.push(`${LOCK_FILE}:${index + 1}: ${fault}`)
    const [name = '', reference = '', standIn = ''] = cells
    if (!images.has(name)) images.set(name, { name, reference, standIn, line: index + 1 })
  }
  if (images.size === 0) faults.push(`${LOCK_FILE}: no image is named. Write one line per image.`)
  if (faults.length > 0) throw malformed(faults)
  return images
}

/** A registry is spelt out: a name with a dot, or a port. */
const TAGGED = /^(?:[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?|[a-z0-9-]+:\d+)(?:\/[a-z0-9._-]+)+:\w[\w.-]{0,127}$/

type Check = [wrong: boolean, what: string]

/** What is wrong with a line and how it is put right; the first finding, because the others often follow from it. */
function faultOf(
  cells: string[],
  known: Map<string, LockedImage>,
  isStandIn: (folder: string) => boolean,
): string | undefined {
  const [name = '', reference = '', standIn = ''] = cells
  const [tagged = '', digest = ''] = reference.split('@')
  const checks: Check[] = [
    [
      cells.length !== 3,
      `${cells.length} columns instead of 3. Write name, reference and stand-in folder, separated by spaces.`,
    ],
    [!/^[a-z][a-z0-9-]*$/.test(name), `"${name}" is no name. Use lower case letters, digits and hyphens.`],
    [known.has(name), `${name} stands in line ${known.get(name)?.line} already. Keep one of the two.`],
    [!TAGGED.test(tagged), `"${tagged}" is no registry/path:tag. Spell out the registry and the tag.`],
    [
      !/^sha256:[0-9a-f]{64}$/.test(digest),
      `"${digest}" is no digest. Append @sha256: and its 64 hexadecimal digits to the tag.`,
    ],
    [!isStandIn(standIn), `${standIn} has no Dockerfile. Write the stand-in, or correct its folder.`],
  ]
  return checks.find(([wrong]) => wrong)?.[1]
}

function malformed(faults: string[]): CliError {
  return new CliError({
    what: faults.join('\n'),
    where: 'the lock file of the images',
    next: `correct ${faults.length === 1 ? 'that line' : 'those lines'}, then scripts/images.sh status.`,
    exitCode: 2,
  })
}
