// The latency of the database as /health reports it, beside the time that the client waited for the answer.
import { latencyIn, type Ml } from './ml.ts'

export interface MeasuredHealth {
  status: number | 'no answer'
  latencyMs: number
  /** Contains the whole check. Rounded up, because the latency is rounded to a tenth. */
  waitedMs: number
}

export async function measureHealth(ml: Ml): Promise<MeasuredHealth> {
  const began = performance.now()
  const reply = await ml.ask('/health')
  const waitedMs = Math.ceil(performance.now() - began)
  return { status: reply.status, latencyMs: latencyIn(reply), waitedMs }
}

/** Those whose latency cannot be that of their own check: it is longer than the client waited, or missing. */
export function impossibleLatencies(measured: MeasuredHealth[]): MeasuredHealth[] {
  return measured.filter(({ latencyMs, waitedMs }) => !(latencyMs <= waitedMs))
}
