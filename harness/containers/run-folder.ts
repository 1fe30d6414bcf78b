// The folder of one run on this machine: the broker's socket, copies of the project, and the label of its owner.
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OWNER_LABEL, type Ownership } from '../../stack/engine/ownership.ts'

export interface RunFolder {
  run: string
  path: string
  labels: Record<string, string>
}

/** Path of a run's folder, whether it exists or not. */
export function runFolderOf(run: string): string {
  return join(tmpdir(), `hma-${run}`)
}

/** Creates the run's folder with the owner's label in it. Only this user may open it. */
export function makeRunFolder({ run, labels }: Ownership): string {
  const path = runFolderOf(run)
  mkdirSync(path, { mode: 0o700 })
  writeFileSync(join(path, 'owner'), labels[OWNER_LABEL] ?? '')
  return path
}

/** The folders of all runs on this machine. */
export function runFolders(): RunFolder[] {
  return globSync(join(tmpdir(), 'hma-????????')).map((path) => {
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
