// What the checks ask about this machine. A test passes other facts.
import { accessSync, constants, statfsSync, statSync } from 'node:fs'
import { arch, availableParallelism, platform, tmpdir, totalmem } from 'node:os'
import { delimiter, join } from 'node:path'

export interface Machine {
  platform: string
  architecture: string
  processors: number
  memoryBytes: number
  temporaryFolder: string
  nowMs: number
  /** Undefined where the folder does not exist here, as the data folder of an engine in a virtual machine. */
  freeBytes(folder: string): number | undefined
  /** Path of the program that a shell would run. */
  findProgram(name: string): string | undefined
}

export function thisMachine(): Machine {
  return {
    platform: platform(),
    architecture: arch(),
    processors: availableParallelism(),
    memoryBytes: totalmem(),
    temporaryFolder: tmpdir(),
    nowMs: Date.now(),
    freeBytes,
    findProgram,
  }
}

function freeBytes(folder: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize
  } catch {
    return undefined
  }
}

function findProgram(name: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  return folders.map((folder) => join(folder, name)).find(isProgram)
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
