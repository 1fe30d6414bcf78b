// Damage to a backup, and who notices it.
import type { Database } from '../../harness/index.ts'
import type { Job } from './backups.ts'

/** Starts a proxy to the store that flips one bit of what the store sends on a connection, after so many bytes. Returns its URL. */
export async function flipAfter({ container }: Job, store: string, bytes: number): Promise<string> {
  const { hostname, port } = new URL(store)
  const script = `
    const { connect, createServer } = require('node:net')
    createServer((client) => {
      const upstream = connect(${port}, '${hostname}')
      for (const socket of [client, upstream]) socket.on('error', () => {})
      client.on('data', (chunk) => upstream.write(chunk)).on('close', () => upstream.destroy())
      let passed = 0
      upstream.on('data', (chunk) => {
        const at = ${bytes} - passed
        passed += chunk.length
        if (at >= 0 && at < chunk.length) chunk[at] ^= 1
        client.write(chunk)
      }).on('close', () => client.destroy())
    }).listen(9998)`
  await container.exec(['sh', '-c', 'nohup node --eval "$1" > /dev/null 2>&1 &', 'sh', script])
  await container.until(['node', '--eval', `fetch('http://127.0.0.1:9998/minio/health/live')`])
  return 'http://127.0.0.1:9998'
}

/** A copy with one other bit. */
export function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[at] = (copy[at] ?? 0) ^ 1
  return copy
}

interface DownloadOutcome {
  tried: number
  /** Where each copy was damaged that was accepted. */
  trusted: number[]
  whole: 'trusted' | 'refused'
}

/** Chooses and downloads the newest backup as a restore does, with copies of each file damaged; the first and last byte are among the places. */
export async function damageAndDownload(
  { container }: Job,
  db: Database,
  kind: 'truncated at any byte' | 'with one flipped bit',
  copies: number,
): Promise<Record<'dump' | 'manifest', DownloadOutcome>> {
  const script = `
    import { randomInt } from 'node:crypto'
    import { Readable } from 'node:stream'
    import { buffer } from 'node:stream/consumers'
    import { chooseBackup, downloadDump } from '/app/ops/backup/download.ts'
    import { openStore } from '/app/ops/backup/store.ts'
    import { readStoreAccess } from '/app/ops/backup/store-access.ts'
    const store = openStore(readStoreAccess(process.env))
    const manifest = await chooseBackup(store, '${db.name}', undefined)
    const whole = await buffer(await store.get('${db.name}/' + manifest.id + '/dump'))
    const damaged = (bytes, at) => {
      if (${kind === 'truncated at any byte'}) return bytes.subarray(0, at)
      const copy = Buffer.from(bytes)
      copy[at] ^= 1 << (at % 8)
      return copy
    }
    const isTrusted = async (act) => {
      try {
        await act()
        return true
      } catch (error) {
        if (!/damaged/.test(error.message)) throw error
        return false
      }
    }
    const download = async (bytes) => {
      const get = async () => Readable.from([bytes])
      await using download = await downloadDump({ ...store, get }, manifest, '/backups/damage')
    }
    const choose = (bytes) => chooseBackup({ ...store, readText: async () => bytes.toString() }, '${db.name}', undefined)
    const tryAll = async (bytes, act) => {
      const places = [0, bytes.length - 1, ...Array.from({ length: ${copies - 2} }, () => randomInt(bytes.length))]
      const trusted = []
      for (const at of places) if (await isTrusted(() => act(damaged(bytes, at)))) trusted.push(at)
      return { tried: places.length, trusted, whole: (await isTrusted(() => act(bytes))) ? 'trusted' : 'refused' }
    }
    const text = await buffer(await store.get('${db.name}/' + manifest.id + '/manifest.json'))
    console.log(JSON.stringify({ dump: await tryAll(whole, download), manifest: await tryAll(text, choose) }))
    store[Symbol.dispose]()`
  const { stdout, stderr } = await container.exec(['node', '--input-type=module', '--eval', script])
  return JSON.parse(stdout || JSON.stringify({ error: stderr }))
}
