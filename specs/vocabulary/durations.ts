// How long a registration takes.
import type { Session } from '../../harness/index.ts'
import { register } from './registration.ts'

/** Milliseconds of the middle one of so many registrations: of the address that is taken, and of as many that are free, in turn. */
export async function durationsOf(
  app: Session,
  times: number,
  taken: string,
): Promise<{ taken: number; free: number }> {
  const durations = { taken: [] as number[], free: [] as number[] }
  for (let time = 0; time < times; time++) {
    durations.taken.push(await durationOf(app, taken))
    durations.free.push(await durationOf(app, `free${time}@example.org`))
  }
  return { taken: middleOf(durations.taken), free: middleOf(durations.free) }
}

async function durationOf(app: Session, email: string): Promise<number> {
  const startedAt = performance.now()
  await register(app, { email })
  return performance.now() - startedAt
}

const middleOf = (numbers: number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0
