// Which faults can be injected in one run: each test has its own database and its own copy of the project, so faults of
// different criteria do not affect each other. A fault that reaches beyond its database has a run of its own.
import { type Fault, isClusterWide } from './fault.ts'

/** As few runs as possible, none of them with two faults of one criterion. */
export function batchesOf<F extends Fault>(faults: F[]): F[][] {
  const [alone, shared] = [faults.filter(isClusterWide), faults.filter((fault) => !isClusterWide(fault))]
  const batches: F[][] = []
  for (const own of Map.groupBy(shared, ({ criterion }) => criterion).values())
    for (const [index, fault] of own.entries()) batches[index] = [...(batches[index] ?? []), fault]
  return [...batches, ...alone.map((fault) => [fault])]
}
