// A probe of one service, run within a limit of time: what the service answered, or why that is wrong and what to look at.
import type { Endpoint } from '../../config/endpoints.ts'

export interface ProbeResult {
  service: string
  state: 'ok' | 'failed'
  milliseconds: number
  /** What it answered, or what was wrong; never a secret. */
  what: string
  next?: string
}

export interface Probe {
  /** Resolves with a description of the answer; throws an error, its own or that of its client, when the service is not right. */
  run(signal: AbortSignal, withinMs: number): Promise<string>
  /** What to look at when it failed, where that is more than the log of the service. */
  next?: string
}

/** Never rejects. An answer that comes after `withinMs` does not count. */
export async function runProbe(
  { service, profile }: Pick<Endpoint, 'service' | 'profile'>,
  { run, next }: Probe,
  withinMs: number,
): Promise<ProbeResult> {
  const began = performance.now()
  const limit = AbortSignal.timeout(withinMs)
  const late = Promise.withResolvers<never>()
  limit.addEventListener('abort', () => late.reject(new Error('late')))
  const result = await Promise.race([run(limit, withinMs), late.promise]).then(
    (what) => ({ state: 'ok' as const, what }),
    (error: unknown) => ({
      state: 'failed' as const,
      what: limit.aborted ? `gave no answer within ${withinMs / 1000} s` : describeError(error),
      next: next ?? `scripts/compose.sh ${profile ? `--profile ${profile} ` : ''}logs ${service}`,
    }),
  )
  return { service, milliseconds: Math.round(performance.now() - began), ...result }
}

/** In one line. Clients put the reason into the cause, and join several refused addresses into an error without a message. */
function describeError(error: unknown): string {
  const { message, name, code, cause } = error as Error & { code?: string }
  const inner = cause === undefined ? '' : describeError(cause)
  const text = inner || message || code || name
  return text.replaceAll(/\s*\n\s*/g, ' ').slice(0, 200)
}
