// What a run of the specs leaves for the seal: INCOMPLETE from its first moment, COMPLETE at its end.
import { readFileSync } from 'node:fs'
import { CliError } from '../../config/cli-error.ts'
import { git } from '../../config/git.ts'
import type { CriterionResult } from './criterion-verdict.ts'

export const RUN_RECORD = '.signoff/run.json'

/** What was tested. */
export interface Subject {
  commit: string
  tree: string
  clean: boolean
}

/** What forbids any acceptance, and whether the contract or the environment is to blame. */
export interface Objection {
  against: 'contract' | 'environment'
  why: string
}

export interface RunRecord {
  state: 'INCOMPLETE' | 'COMPLETE'
  run: string
  startedAt: string
  endedAt?: string
  subject: Subject
  listHash: string
  /** The part of a run on several machines, as `1/4`. */
  part?: string
  /** `scoped` when a filter, a shard or a file name left tests out. */
  scope: 'full' | 'scoped'
  criteria: CriterionResult[]
  objections: Objection[]
  counts: { passed: number; failed: number; notRun: number }
}

/** Throws CliError (exit 3) when there is none, or none that can be read. */
export function readRunRecord(): RunRecord {
  try {
    return JSON.parse(readFileSync(RUN_RECORD, 'utf8'))
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    throw new CliError({
      what: isMissing
        ? 'There is no run to seal.'
        : `The record of the run cannot be read: ${String(error)}.`,
      where: RUN_RECORD,
      next: 'scripts/accept.sh',
      exitCode: 3,
    })
  }
}

/** The commit and tree at hand, and whether the files are exactly those. */
export function readSubject(): Subject {
  try {
    return {
      commit: git('.', 'rev-parse', 'HEAD'),
      tree: git('.', 'rev-parse', 'HEAD^{tree}'),
      clean: git('.', 'status', '--porcelain') === '',
    }
  } catch {
    return { commit: '', tree: '', clean: false }
  }
}
