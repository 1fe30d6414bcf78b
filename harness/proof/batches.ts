// Which faults can be planted in one run: each test has its own database and its own copy of the project, so faults of
// different criteria do not meet. What reaches beyond a database is alone in its run.
import type { Fault } from './fault.ts'

/** As few runs as there are, none of them with two faults of one criterion. */
export function batchesOf(faults: Fault[]): Fault[][] {
  const alone = faults.filter(isClusterWide)
  const together: Fault[][] = []
  for (const own of Map.groupBy(
    faults.filter((fault) => !isClusterWide(fault)),
    ({ criterion }) => criterion,
  ).values())
    for (const [index, fault] of own.entries()) together[index] = [...(together[index] ?? []), fault]
  return [...together, ...alone.map((fault) => [fault])]
}

/** True for a plant that has to be taken back. */
export function isClusterWide({ injection }: Fault): boolean {
  return injection.kind === 'sql' && injection.undo !== undefined
}
