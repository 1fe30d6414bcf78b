// Connections that a server lists as replicas.
import type pg from 'pg'
import { type Database, expect, openBoundedClient } from '../../harness/index.ts'

const UNTIL = { timeout: 10_000, interval: 50 }

/** Listed as a replica that has not begun. */
export function connectAsStandby({ url }: Database, name: string): Promise<pg.Client> {
  const connectionString = `${url}?replication=database&application_name=${name}`
  // It receives as long as its test runs.
  return openBoundedClient({ connectionString, query_timeout: 0 })
}

export interface Stream {
  /** Resolves once all that was written so far is sent; the position of its end. */
  sent(): Promise<string>
  /** Tells the server that this is replayed: it takes the time since it was sent for the lag. */
  replay(position: string): Promise<void>
  end(): Promise<void>
}

/** Receives what the server writes, and says nothing about it. */
export async function streamTo(db: Database, name: string): Promise<Stream> {
  const client = await connectAsStandby(db, name)
  const { rows } = await client.query<{ xlogpos: string }>('IDENTIFY_SYSTEM')
  // It ends with the connection.
  client.query(`START_REPLICATION PHYSICAL ${rows[0]?.xlogpos}`).catch(() => {})
  const listed = (condition: string) =>
    db.value<number>(
      `select count(*)::int from pg_stat_replication where application_name = $1 and ${condition}`,
      [name],
    )
  await expect.poll(() => listed(`state = 'streaming'`), UNTIL).toBe(1)
  return {
    async sent() {
      const position = await db.value<string>('select pg_current_wal_flush_lsn()::text')
      await expect.poll(() => listed(`sent_lsn >= '${position}'`), UNTIL).toBe(1)
      return position
    },
    async replay(position) {
      send(client, statusAt(position))
      await expect.poll(() => listed('replay_lag is not null'), UNTIL).toBe(1)
    },
    end: () => client.end(),
  }
}

function send(client: pg.Client, message: Buffer): void {
  const { connection } = client as unknown as { connection: { sendCopyFromChunk(chunk: Buffer): void } }
  connection.sendCopyFromChunk(message)
}

/** `Standby status update` of the protocol: written, flushed and replayed up to there; no answer is wanted. */
function statusAt(position: string): Buffer {
  const [high = '', low = ''] = position.split('/')
  const lsn = (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`)
  const message = Buffer.alloc(34)
  message.write('r')
  for (const at of [1, 9, 17]) message.writeBigUInt64BE(lsn, at)
  return message
}
