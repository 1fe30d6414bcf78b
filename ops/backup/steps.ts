// Progress: each step of a job with its duration, on standard error.

export type Step = <T>(name: string, work: () => Promise<T>) => Promise<T>

export interface Steps {
  step: Step
  /** Seconds since the start. */
  elapsed(): number
}

export function startSteps(write = (line: string) => void process.stderr.write(`${line}\n`)): Steps {
  const startedAt = performance.now()
  const secondsSince = (moment: number) => Math.round(performance.now() - moment) / 1000
  return {
    async step(name, work) {
      const stepStartedAt = performance.now()
      const result = await work()
      write(`  ${name}: ${secondsSince(stepStartedAt)} s`)
      return result
    },
    elapsed: () => secondsSince(startedAt),
  }
}
