/** Calls `make` at most once. A failure is remembered too, so that one cause is reported once per asker, never retried. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}
