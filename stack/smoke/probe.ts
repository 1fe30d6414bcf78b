// One touch of one service, within a limit of time: what it said, or why that will not do and what to look at.

export interface Touched {
  service: string
  state: 'ok' | 'failed'
  milliseconds: number
  /** What it answered, or what was wrong; never a secret. */
  what: string
  next?: string
}

export interface Probe {
  service: string
  /** Resolves with what the service said; throws Failure, or whatever its client throws, when it will not do. */
  touch(signal: AbortSignal): Promise<string>
  /** What to look at when it failed. */
  next: string
}

/** The service answered, and wrongly. */
export class Failure extends Error {}

/** Never rejects. An answer that comes after `withinMs` is none. */
export async function perform({ service, touch, next }: Probe, withinMs: number): Promise<Touched> {
  const began = performance.now()
  const limit = AbortSignal.timeout(withinMs)
  const late = Promise.withResolvers<never>()
  limit.addEventListener('abort', () =>
    late.reject(new Failure(`gave no answer within ${withinMs / 1000} s`)),
  )
  const milliseconds = () => Math.round(performance.now() - began)
  try {
    const what = await Promise.race([touch(limit), late.promise])
    return { service, state: 'ok', milliseconds: milliseconds(), what }
  } catch (error) {
    const what = limit.aborted ? `gave no answer within ${withinMs / 1000} s` : reasonOf(error)
    return { service, state: 'failed', milliseconds: milliseconds(), what, next }
  }
}

/** In one line. Clients put the cause inside, and several addresses that refuse into one error without a text. */
function reasonOf(error: unknown): string {
  const { message, name, code, cause } = error as Error & { code?: string }
  const inner = cause === undefined ? '' : reasonOf(cause)
  const text = inner || message || code || name
  return text.replaceAll(/\s*\n\s*/g, ' ').slice(0, 200)
}
