// The folder of one run on this machine: the broker's socket, copies of the project, and the label of its owner.
import { accessSync, constants, globSync, mkdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OWNER_LABEL, type Ownership } from '../../stack/engine/ownership.ts'

export interface RunFolder {
  run: string
  path: string
  labels: Record<string, string>
}

/** A file system in memory that every Linux has. */
const MEMORY = '/dev/shm'
/** Copies of the project take 5 MB each; a spec that installs packages in one takes some hundred. */
const FREE_BYTES = 2 * 1024 ** 3

/** The paths that a run's folder can have, whether it exists or not. */
export function runFoldersOf(run: string): string[] {
  return places().map((place) => join(place, `hma-${run}`))
}

function places(): string[] {
  return [...new Set([tmpdir(), MEMORY])]
}

/**
 * TMPDIR where it is set; else memory, where there is enough of it and programs may be run from it. A copy of the project is a thousand
 * small files, and takes 20 ms there; on a disk it takes up to a second.
 */
function choosePlace(): string {
  return process.env.TMPDIR || !isUsable(MEMORY) ? tmpdir() : MEMORY
}

function isUsable(place: string): boolean {
  try {
    accessSync(place, constants.W_OK)
    const { bavail, bsize } = statfsSync(place)
    return bavail * bsize >= FREE_BYTES && !isNoexec(place)
  } catch {
    return false
  }
}

function isNoexec(place: string): boolean {
  const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n')
  return mounts.some((line) => line.split(' ')[1] === place && /\bnoexec\b/.test(line))
}

/** Creates the run's folder with the owner's label in it. Only this user may open it. */
export function makeRunFolder({ run, labels }: Ownership): string {
  const path = join(choosePlace(), `hma-${run}`)
  mkdirSync(path, { mode: 0o700 })
  writeFileSync(join(path, 'owner'), labels[OWNER_LABEL] ?? '')
  return path
}

/** The folders of all runs on this machine. */
export function runFolders(): RunFolder[] {
  return globSync(places().map((place) => join(place, 'hma-????????'))).map((path) => {
    const owner = readOwner(path)
    return { run: path.slice(-8), path, labels: { [OWNER_LABEL]: owner } }
  })
}

/** Empty where the folder was removed meanwhile, or belongs to another user. */
function readOwner(folder: string): string {
  try {
    return readFileSync(join(folder, 'owner'), 'utf8')
  } catch {
    return ''
  }
}
