// Probe of the ML stub over HTTP: /health reports ok, and /models answers in the shape of its contract.
import { z } from 'zod'
import type { Probe } from './probe.ts'

const Healthy = z.object({
  status: z.literal('ok'),
  dependencies: z.object({ database: z.object({ status: z.literal('up') }) }),
})
const Page = z.object({
  models: z.array(
    z.object({
      name: z.string().min(1),
      version: z.string().regex(/^\d+\.\d+\.\d+$/),
      stage: z.enum(['registered', 'staging', 'production', 'archived']),
      artefact: z.object({ uri: z.string().min(1), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
    }),
  ),
  next: z.string().nullable(),
})

export function mlProbe(url: string): Probe {
  return {
    async run(signal) {
      await get(`${url}/health`, Healthy, signal)
      const { models } = await get(`${url}/models`, Page, signal)
      return `healthy, ${models.length} models`
    },
  }
}

/** The parsed answer. Throws for another status, content type or shape. */
async function get<T>(url: string, shape: z.ZodType<T>, signal: AbortSignal): Promise<T> {
  const { pathname } = new URL(url)
  const reply = await fetch(url, { signal, redirect: 'error' })
  const type = reply.headers.get('Content-Type') ?? 'no type'
  if (reply.status !== 200) throw new Error(`${pathname} answers ${reply.status}`)
  if (!/^application\/json\b/.test(type)) throw new Error(`${pathname} answers with ${type}, not with JSON`)
  const { data, error } = shape.safeParse(await reply.json())
  const [issue] = error?.issues ?? []
  if (data === undefined)
    throw new Error(`${pathname} answers out of contract: ${issue?.path.join('.')} ${issue?.message}`)
  return data
}
