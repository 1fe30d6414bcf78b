// What is said about faults while they are planted, and what is kept of it: as lines to read, or as JSON lines.

import { basisOf, readCaughtFaults, writeCaughtFaults } from './caught-faults.ts'
import type { Tried } from './prove.ts'
import type { ProveOptions } from './select-faults.ts'

export interface Account {
  baseline(criteria: number): void
  /** One line, and its place in the record: only what was caught has one. */
  tell(tried: Tried): void
  total(caught: number, bare: string[]): void
}

/** Counts from now on. */
export function openAccount({ json, criteria, faultFiles }: ProveOptions, faults: number): Account {
  const began = performance.now()
  const say = (line: string) => (json ? undefined : console.log(line))
  const report = (facts: unknown) => (json ? console.log(JSON.stringify(facts)) : undefined)
  const sentences = new Map(criteria.map(({ id, sentence }) => [id, sentence]))
  const homeOf = new Map(
    faultFiles.flatMap((chapter) => chapter.faults.map(({ id }) => [id, chapter.file] as const)),
  )
  let told = 0
  return {
    baseline: (proven) => say(`baseline green: ${proven} criteria in ${secondsSince(began)} s`),
    tell(tried) {
      const { id, criterion, description } = tried.fault
      report({ id, criterion, description, ...tried.proof, seconds: tried.seconds })
      say(`${`${++told}/${faults}`.padStart(7)} ${lineFor(tried)}`)
      remember(tried, homeOf.get(id) ?? '', sentences.get(criterion) ?? '')
    },
    total(caught, bare) {
      const seconds = secondsSince(began)
      report({ caught, notCaught: faults - caught, bare, seconds: Number(seconds) })
      for (const id of bare) say(`        ${id} has a spec and no fault`)
      say(
        `${caught} caught, ${faults - caught} not caught, ${bare.length} criteria without a fault, in ${seconds} s`,
      )
    },
  }
}

function lineFor({ fault: { criterion, description }, proof: { verdict, note }, seconds }: Tried): string {
  const [mark, why] = verdict === 'caught' ? ['✓', ''] : ['✗', `: ${note}`]
  return `${mark} ${criterion.padEnd(7)} ${verdict.padEnd(11)} ${seconds.toFixed(1).padStart(4)} s  ${description}${why}`
}

function remember({ fault, proof, files }: Tried, faultsFile: string, sentence: string): void {
  const { [fault.id]: _, ...others } = readCaughtFaults()
  const { id, criterion, description } = fault
  const standsOn = [...files, faultsFile]
  const basis = basisOf(sentence, standsOn)
  const entry = {
    criterion,
    description,
    caughtBy: proof.note,
    files: standsOn,
    basis,
    at: new Date().toISOString(),
  }
  writeCaughtFaults(proof.verdict === 'caught' ? { ...others, [id]: entry } : others)
}

function secondsSince(began: number): string {
  return ((performance.now() - began) / 1000).toFixed(1)
}
