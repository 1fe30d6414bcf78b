import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { prometheusProbe } from './observability.ts'
import { type ProbeResult, runProbe } from './probe.ts'

const target = (job: string, health: string) => ({ labels: { job }, health, lastError: '' })

/** The result of the probe within that limit, where Prometheus answers with that health of `ml`, one after the other. */
async function probeWith(healths: string[], withinMs: number): Promise<ProbeResult> {
  const server = createServer((_, reply) => {
    const [health = 'up'] = healths.length > 1 ? healths.splice(0, 1) : healths
    reply.end(JSON.stringify({ data: { activeTargets: [target('ml', health), target('redis', 'up')] } }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const result = await runProbe(
    { service: 'prometheus' },
    prometheusProbe(`http://127.0.0.1:${port}`),
    withinMs,
  )
  server.closeAllConnections()
  server.close()
  return result
}

test('Prometheus may have asked a service before it was up: the probe waits until it has asked again', async () => {
  expect(await probeWith(['down', 'down', 'up'], 20_000)).toMatchObject({ state: 'ok' })
})

test('a service that stays down is named within the limit', async () => {
  const result = await probeWith(['down'], 1000)

  expect(result).toMatchObject({ state: 'failed', what: 'it cannot collect from ml' })
})
