// What a run leaves for the seal: INCOMPLETE from its first moment, a candidate at its end. Written whole or not at all.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { Judged } from './verdicts.ts'

export const CANDIDATE = '.signoff/candidate.json'

export interface Subject {
  commit: string
  tree: string
  clean: boolean
}

export interface Candidate {
  state: 'INCOMPLETE' | 'COMPLETE'
  run: string
  startedAt: string
  endedAt?: string
  subject: Subject
  listHash: string
  /** `scoped` when a filter, a shard or a file name left tests out. */
  scope: 'full' | 'scoped'
  judged: Judged[]
  /** What forbids any acceptance: unknown numbers, failed premises, errors outside of tests. */
  objections: string[]
  counts: { passed: number; failed: number; notRun: number }
}

/** Replaces a record so that a reader finds the old one or the new one, never half of one. */
export function writeRecord(path: string, record: unknown): void {
  mkdirSync('.signoff', { recursive: true })
  writeFileSync(`${path}.new`, typeof record === 'string' ? record : `${JSON.stringify(record, null, 2)}\n`)
  renameSync(`${path}.new`, path)
}

export function readCandidate(): Candidate {
  return JSON.parse(readFileSync(CANDIDATE, 'utf8'))
}

/** The commit and tree at hand, and whether anything differs from them. */
export function readSubject(): Subject {
  const git = (...parts: string[]) =>
    execFileSync('git', parts, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  try {
    return {
      commit: git('rev-parse', 'HEAD'),
      tree: git('rev-parse', 'HEAD^{tree}'),
      clean: git('status', '--porcelain') === '',
    }
  } catch {
    return { commit: '', tree: '', clean: false }
  }
}
