// GET /metrics, in Prometheus' text format: requests by status, the time they took, and whether the registry can be read.
import type { FastifyInstance } from 'fastify'
import type { DatabaseState } from './health.ts'

/** Counts from the start of the process. Not part of the published contract. */
export function addMetrics(app: FastifyInstance, checkHealth: () => Promise<DatabaseState>): void {
  const requests = new Map<number, number>()
  let seconds = 0
  app.addHook('onResponse', async (_request, { statusCode, elapsedTime }) => {
    requests.set(statusCode, (requests.get(statusCode) ?? 0) + 1)
    seconds += elapsedTime / 1000
  })
  app.get('/metrics', { schema: { hide: true } as object }, async (_request, reply) => {
    const { status } = await checkHealth()
    const counts = [...requests].map(([code, number]) => `hma_ml_requests_total{status="${code}"} ${number}`)
    return reply
      .type('text/plain; version=0.0.4')
      .send(
        [
          '# HELP hma_ml_requests_total Answers by status.',
          '# TYPE hma_ml_requests_total counter',
          ...counts,
          '# HELP hma_ml_request_seconds_total Time of all answers together.',
          '# TYPE hma_ml_request_seconds_total counter',
          `hma_ml_request_seconds_total ${seconds}`,
          '# HELP hma_ml_database_up Whether the registry can be read.',
          '# TYPE hma_ml_database_up gauge',
          `hma_ml_database_up ${status === 'up' ? 1 : 0}`,
          '',
        ].join('\n'),
      )
  })
}
