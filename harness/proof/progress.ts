// Prints what each fault comes to, as lines to read or as JSON lines, and records the faults that were caught.
import type { Baseline } from './baseline.ts'
import { recordCaughtFault } from './caught-faults.ts'
import type { FaultResult } from './fault-verdict.ts'
import type { ProveOptions, SelectedFault, Selection } from './select-faults.ts'
import { productFor, type SplitFaults } from './unchanged.ts'

export interface TestedFault {
  fault: SelectedFault
  result: FaultResult
  /** The file of the test that caught it. */
  caughtIn: string | undefined
  specFiles: string[]
  /** From the start of the criterion's first test to the end of its last. */
  seconds: number
}

export interface Progress {
  unchanged(faults: SplitFaults['unchanged']): void
  baseline(criteria: number, broken: Baseline['broken']): void
  fault(tested: TestedFault): void
  total(caught: number, withoutFault: string[]): void
}

/** Times count from this call. */
export function openProgress({ json }: ProveOptions, { criteria, faults }: Selection): Progress {
  const startedAt = performance.now()
  const seconds = () => ((performance.now() - startedAt) / 1000).toFixed(1)
  const print = (line: string) => (json ? undefined : console.log(line))
  const printJson = (facts: unknown) => (json ? console.log(JSON.stringify(facts)) : undefined)
  const sentences = new Map(criteria.map(({ id, sentence }) => [id, sentence]))
  let count = 0
  let before = 0
  return {
    unchanged(caughtBefore) {
      before = caughtBefore.length
      if (before === 0) return
      const oldest = caughtBefore.map(({ caughtAt }) => caughtAt).sort()[0]
      print(
        `${before} faults were caught since ${oldest} and nothing changed since: not injected (--all injects them)`,
      )
    },
    baseline(criteria, broken) {
      for (const [criterion, reason] of broken) {
        printJson({ criterion, failsWithoutFault: reason })
        print(`        ${criterion} fails without a fault, so its faults are not injected: ${reason}`)
      }
      print(`the specs pass without a fault: ${criteria - broken.size} criteria in ${seconds()} s`)
    },
    fault(tested) {
      const { id, criterion, description } = tested.fault
      printJson({ id, criterion, description, ...tested.result, seconds: Number(tested.seconds.toFixed(1)) })
      print(`${`${++count}/${faults.length - before}`.padStart(7)} ${lineFor(tested)}`)
      record(tested, sentences.get(criterion) ?? '')
    },
    total(caught, withoutFault) {
      const notCaught = faults.length - before - caught
      printJson({ caught, caughtBefore: before, notCaught, withoutFault, seconds: Number(seconds()) })
      for (const id of withoutFault) print(`        ${id} has a spec and no fault`)
      print(
        `${caught} caught, ${before} caught before, ${notCaught} not caught, ${withoutFault.length} criteria without a fault, in ${seconds()} s`,
      )
    },
  }
}

function lineFor({
  fault: { criterion, description },
  result: { verdict, note },
  seconds,
}: TestedFault): string {
  const [mark, why] = verdict === 'caught' ? ['✓', ''] : ['✗', `: ${note}`]
  return `${mark} ${criterion.padEnd(7)} ${verdict.padEnd(11)} ${seconds.toFixed(1).padStart(5)} s  ${description}${why}`
}

function record({ fault, result, caughtIn = '', specFiles }: TestedFault, sentence: string): void {
  const { id, criterion, description, file } = fault
  const files = [...specFiles, file]
  const entry = { criterion, description, caughtBy: result.note, caughtIn, files, product: productFor(fault) }
  recordCaughtFault(id, result.verdict === 'caught' ? entry : undefined, sentence)
}
