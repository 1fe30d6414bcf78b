// Clones created ahead in the background, so that a test waits for one only when it uses them faster than they are created.

export interface Pool {
  /** The oldest ready clone, or the next one that is created. */
  take(): Promise<string>
  /** Stops creating clones ahead. Resolves to the unused ones once the last is created. */
  drain(): Promise<string[]>
}

export interface PoolOptions {
  /** How many clones are kept ready. */
  size: number
  /** A name that no clone of this server had before. */
  nextName: () => string
  /** Each creates one clone at a time, on a connection of its own; they work side by side. */
  creators: Creator[]
}

type Creator = (name: string) => Promise<void>

/** Starts filling at once. A clone that cannot be created rejects the `take` that waits for it; the next one is served. */
export function openPool({ size, nextName, creators }: PoolOptions): Pool {
  const clones = createQueue()
  let isDrained = false
  const workers = startWorkers(creators, {
    isWanted: () => clones.waiting() > 0 || (!isDrained && clones.ready() < size),
    nextName,
    onCreated: clones.add,
    /** Continues while a test waits; nobody has to learn that a clone created ahead failed. */
    onFailed(error) {
      clones.reject(error)
      return clones.waiting() > 0
    },
  })
  workers.wake()
  return {
    take() {
      const clone = clones.take()
      workers.wake()
      return clone
    },
    async drain() {
      isDrained = true
      await workers.finish()
      return clones.removeAll()
    },
  }
}

/** Ready clones or waiting callers, never both. */
function createQueue() {
  const ready: string[] = []
  const waiting: PromiseWithResolvers<string>[] = []
  return {
    ready: () => ready.length,
    waiting: () => waiting.length,
    add(name: string) {
      const first = waiting.shift()
      if (first) first.resolve(name)
      else ready.push(name)
    },
    reject: (error: unknown) => waiting.shift()?.reject(error),
    take() {
      const next = Promise.withResolvers<string>()
      const first = ready.shift()
      if (first) next.resolve(first)
      else waiting.push(next)
      return next.promise
    },
    removeAll: () => ready.splice(0),
  }
}

interface Demand {
  isWanted: () => boolean
  nextName: () => string
  onCreated: (name: string) => void
  /** Whether to continue. */
  onFailed: (error: unknown) => boolean
}

/** Creators that work while clones are wanted; `wake` starts the idle ones again. */
function startWorkers(creators: Creator[], { isWanted, nextName, onCreated, onFailed }: Demand) {
  const idle = new Set(creators)
  const working = new Set<Promise<void>>()
  const work = async (create: Creator) => {
    idle.delete(create)
    for (let continues = true; continues && isWanted(); ) {
      const name = nextName()
      continues = await create(name).then(() => {
        onCreated(name)
        return true
      }, onFailed)
    }
    idle.add(create)
  }
  return {
    wake() {
      for (const create of [...idle]) {
        const done = work(create).finally(() => working.delete(done))
        working.add(done)
      }
    },
    finish: async () => void (await Promise.all(working)),
  }
}
