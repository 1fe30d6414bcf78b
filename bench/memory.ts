// Loaded into a server that bench/ml.ts starts: says how much memory is in use, after a collection, whenever it is asked.
// The service itself knows nothing of it.
export interface Memory {
  liveHeap: number
  resident: number
}

process.on('message', () => {
  globalThis.gc?.()
  const { heapUsed, external, rss } = process.memoryUsage()
  process.send?.({ liveHeap: heapUsed + external, resident: rss } satisfies Memory)
})
process.channel?.unref()
