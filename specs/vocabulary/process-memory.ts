// How much memory one process of a service may take: in the rendered model, in its container, and by a statement that wants more.
import { openBoundedClient, type Project } from '../../harness/index.ts'
import { addressOf, secretOf } from './clients.ts'
import type { Service } from './compose.ts'
import { execIn } from './containers.ts'

/** Allocates a gigabyte at once. */
const ALLOCATE = `select length(repeat('x', 1000 * 1000 * 1000))`
const ANSWERS_WITHIN_MS = 15_000

/** Bytes of one process in the rendered model; undefined without a limit. */
export function bytesOfProcess({ ulimits = {} }: Service): number | undefined {
  const { data } = ulimits as { data?: number | { hard?: number } }
  return typeof data === 'object' ? data.hard : data
}

/** Bytes of the server's own process in its container, as the kernel holds it to; NaN without a limit. */
export async function bytesOfServer(project: Project): Promise<number> {
  const limits = '/proc/$(head -n 1 "$PGDATA/postmaster.pid")/limits'
  const { stdout } = await execIn(project, 'postgres', ['sh', '-c', `grep '^Max data size' ${limits}`])
  return Number(/(\d+) +bytes/.exec(stdout)?.[1])
}

/** SQLSTATE of a statement that allocates a gigabyte in the server of the stack; null where it is accepted. */
export async function allocate(project: Project): Promise<string | null> {
  const { hostname: host, port } = await addressOf(project, 'postgres', 5432)
  const password = await secretOf(project, 'postgres-password')
  const attempt = openBoundedClient({
    ...{ host, port: Number(port), user: 'postgres', password, database: 'hma' },
    ...{ connectionTimeoutMillis: ANSWERS_WITHIN_MS, query_timeout: ANSWERS_WITHIN_MS },
  }).then((client) => client.query(ALLOCATE).finally(() => void client.end().catch(() => {})))
  return attempt.then(
    () => null,
    ({ code }: { code?: string }) => code ?? 'no answer',
  )
}
