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

interface DecodeOutcome {
  /** Undamaged, it can be decoded. */
  isWhole: boolean
  tried: number
  /** How many damaged copies were refused. */
  noticed: number
}

/**
 * Decodes copies of the newest backup's dump, each with another bit changed in its second half, where the rows are, as a backup does;
 * and of a dump of the same database that is compressed by zstd.
 */
export async function flipAndDecode(
  { container }: Job,
  db: Database,
  copies: number,
): Promise<Record<'ours' | 'zstd', DecodeOutcome>> {
  const script = `
    import { execFileSync } from 'node:child_process'
    import { readFileSync, writeFileSync } from 'node:fs'
    import { buffer } from 'node:stream/consumers'
    import { chooseBackup } from '/app/ops/backup/download.ts'
    import { decodeDump } from '/app/ops/backup/dump.ts'
    import { openStore } from '/app/ops/backup/store.ts'
    import { readStoreAccess } from '/app/ops/backup/store-access.ts'
    const store = openStore(readStoreAccess(process.env))
    const { id } = await chooseBackup(store, '${db.name}', undefined)
    const ours = await buffer(await store.get('${db.name}/' + id + '/dump'))
    store[Symbol.dispose]()
    const { HMA_DATABASE_URL, HMA_DATABASE_PASSWORD: PGPASSWORD } = process.env
    const words = ['--format=custom', '--compress=zstd', '--no-password', '--file=/backups/zstd', HMA_DATABASE_URL]
    execFileSync('pg_dump', words, { env: { ...process.env, PGPASSWORD } })
    const isDecoded = async (bytes) => {
      writeFileSync('/backups/copy', bytes)
      return decodeDump('/backups/copy', AbortSignal.timeout(60_000)).then(() => true, () => false)
    }
    const damaged = (whole, part, bit) => {
      const copy = Buffer.from(whole)
      copy[Math.floor(whole.length * part)] ^= 1 << bit
      return copy
    }
    const tryAll = async (whole) => {
      let noticed = 0
      for (let copy = 0; copy < ${copies}; copy++)
        if (!(await isDecoded(damaged(whole, 0.5 + (0.4 * copy) / ${copies}, copy % 8)))) noticed++
      return { isWhole: await isDecoded(whole), tried: ${copies}, noticed }
    }
    console.log(JSON.stringify({ ours: await tryAll(ours), zstd: await tryAll(readFileSync('/backups/zstd')) }))`
  const { stdout, stderr } = await container.exec(['node', '--input-type=module', '--eval', script])
  return JSON.parse(stdout || JSON.stringify({ error: stderr }))
}
