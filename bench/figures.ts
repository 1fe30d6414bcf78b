// Figures with their spread. A ratio compares two things measured in the same run, on the same machine.

export interface Spread {
  runs: number
  min: number
  p50: number
  p95: number
  max: number
}

/** Spread of samples in the unit they came in. */
export function spreadOf(samples: number[]): Spread {
  const sorted = samples.toSorted((a, b) => a - b)
  const at = (q: number) => sorted[Math.max(0, Math.ceil(sorted.length * q) - 1)] ?? Number.NaN
  return { runs: sorted.length, min: at(0), p50: at(0.5), p95: at(0.95), max: at(1) }
}

/** Milliseconds that one call of `work` takes. */
export async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

export async function repeat(times: number, work: () => Promise<number>): Promise<number[]> {
  const samples: number[] = []
  for (let run = 0; run < times; run++) samples.push(await work())
  return samples
}

/** One line of the bench table. */
export function print(name: string, samples: number[], unit = 'ms'): Spread {
  const spread = spreadOf(samples)
  const cells = [spread.p50, spread.p95, spread.min, spread.max].map((value) => value.toFixed(1).padStart(9))
  console.log(`${name.padEnd(58)}${cells.join('')} ${unit}  (${spread.runs} runs)`)
  return spread
}

export function printHeader(title: string): void {
  console.log(`\n${title.padEnd(58)}${['p50', 'p95', 'min', 'max'].map((head) => head.padStart(9)).join('')}`)
}

export function printRatio(name: string, ours: number, theirs: number, aim: string): void {
  console.log(`${name.padEnd(58)}${(ours / theirs).toFixed(2).padStart(9)} x  (${aim})`)
}
