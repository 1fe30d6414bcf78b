// The folder of one run on this machine: the broker's socket, copies of the project, and the name of its owner.
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OWNER_LABEL, type Ownership } from '../../stack/engine/ownership.ts'

export interface RunFolder {
  run: string
  path: string
  labels: Record<string, string>
}

/** Path of a run's folder, which need not exist. */
export function runFolderOf(run: string): string {
  return join(tmpdir(), `hma-${run}`)
}

/** Creates the run's folder with the owner's name in it. Only this user may enter it. */
export function makeRunFolder({ run, labels }: Ownership): string {
  const path = runFolderOf(run)
  mkdirSync(path, { mode: 0o700 })
  writeFileSync(join(path, 'owner'), labels[OWNER_LABEL] ?? '')
  return path
}

/** All runs' folders below this machine's temporary folder. */
export function runFolders(): RunFolder[] {
  return globSync(join(tmpdir(), 'hma-????????')).map((path) => {
    const owner = readOwner(path)
    return { run: path.slice(-8), path, labels: { [OWNER_LABEL]: owner } }
  })
}

/** Empty where the folder is gone meanwhile, or not ours to read. */
function readOwner(folder: string): string {
  try {
    return readFileSync(join(folder, 'owner'), 'utf8')
  } catch {
    return ''
  }
}
