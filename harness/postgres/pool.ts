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
  const crew = hire(makers, {
    isWanted: () => waiting.length > 0 || (!drained && shelf.length < ready),
    nextName,
    onMade(name) {
      const first = waiting.shift()
      if (first) first.resolve(name)
      else shelf.push(name)
    },
    /** Goes on as long as somebody waits; what is made ahead can fail without anybody noticing. */
    onFailed(error) {
      waiting.shift()?.reject(error)
      return waiting.length > 0
    },
  })
  crew.wake()
  return {
    take() {
      const next = Promise.withResolvers<string>()
      const first = shelf.shift()
      if (first) next.resolve(first)
      else waiting.push(next)
      crew.wake()
      return next.promise
    },
    async drain() {
      drained = true
      await crew.rest()
      return shelf.splice(0)
    },
  }
}

interface Orders {
  isWanted: () => boolean
  nextName: () => string
  onMade: (name: string) => void
  /** Whether to go on. */
  onFailed: (error: unknown) => boolean
}

/** Makers that work while there is something wanted, and are woken when there is again. */
function hire(makers: PoolPlan['makers'], { isWanted, nextName, onMade, onFailed }: Orders) {
  const idle = new Set(makers)
  const working = new Set<Promise<void>>()
  const work = async (make: (name: string) => Promise<void>) => {
    idle.delete(make)
    for (let goesOn = true; goesOn && isWanted(); ) {
      const name = nextName()
      goesOn = await make(name).then(
        () => {
          onMade(name)
          return true
        },
        (error) => onFailed(error),
      )
    }
    idle.add(make)
  }
  return {
    wake() {
      for (const make of [...idle]) {
        const done = work(make).finally(() => working.delete(done))
        working.add(done)
      }
    },
    rest: async () => void (await Promise.all(working)),
  }
}
