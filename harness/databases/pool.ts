// Clones made ahead in the background, so that a test never waits for one unless it outruns the makers.

export interface Pool {
  /** The oldest clone ready, or the next one to be. */
  take(): Promise<string>
  /** Stops making clones ahead, and hands over the ones nobody took once the last is made. */
  drain(): Promise<string[]>
}

export interface PoolPlan {
  /** How many clones are kept ready. */
  ready: number
  /** A name no clone of this server had before. */
  nextName: () => string
  /** One per connection that makes clones; they work side by side. */
  makers: ((name: string) => Promise<void>)[]
}

/** Starts filling at once. A clone that cannot be made fails the take that waited for it, and the next one tries anew. */
export function fillPool({ ready, nextName, makers }: PoolPlan): Pool {
  const shelf: string[] = []
  const waiting: PromiseWithResolvers<string>[] = []
  let drained = false

  const wanted = () => waiting.length > 0 || (!drained && shelf.length < ready)
  const idle = new Set(makers)

  const work = async (make: (name: string) => Promise<void>) => {
    idle.delete(make)
    while (wanted()) {
      const name = nextName()
      try {
        await make(name)
        const first = waiting.shift()
        if (first) first.resolve(name)
        else shelf.push(name)
      } catch (error) {
        waiting.shift()?.reject(error)
        if (waiting.length === 0) break
      }
    }
    idle.add(make)
  }
  const working = new Set<Promise<void>>()
  const wake = () => {
    for (const make of [...idle]) {
      const done = work(make).finally(() => working.delete(done))
      working.add(done)
    }
  }

  wake()
  return {
    take() {
      const next = Promise.withResolvers<string>()
      const first = shelf.shift()
      if (first) next.resolve(first)
      else waiting.push(next)
      wake()
      return next.promise
    },
    async drain() {
      drained = true
      await Promise.all(working)
      return shelf.splice(0)
    },
  }
}
