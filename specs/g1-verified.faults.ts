import { edit, edits, faults } from '../harness/setup.ts'

const BACKUP = 'ops/backup/backup.ts'
const DOWNLOAD = 'ops/backup/download.ts'
const DUMP = 'ops/backup/dump.ts'
const RESTORE = 'ops/backup/restore.ts'

export default faults({
  'G1.1.3': {
    'the dump is not decoded': edit(BACKUP, "    await step('decode', () => decodeDump(file, signal))\n", ''),
    'a dump is compressed by zstd, whose decoding misses changed bits': edit(
      DUMP,
      "'--compress=gzip'",
      "'--compress=zstd'",
    ),
    'only the table of contents is decoded': edit(DUMP, "'--file=/dev/null'", "'--list'"),
    'what was uploaded is not read back': edit(
      BACKUP,
      'const stored = await store.digestOf(key)',
      'const stored = manifest.dump',
    ),
    'a dump above 64 MiB is not read back from the store': edit(
      BACKUP,
      'const stored = await store.digestOf(key)',
      'const stored = manifest.dump.bytes > 64 * 2 ** 20 ? manifest.dump : await store.digestOf(key)',
    ),
    'a dump that the store did not get before is read back from here': edit(
      BACKUP,
      '      publish(store, copy),\n',
      '      publish({ ...store, digestOf: () => hashFile(copy.dump) }, copy),\n',
    ),
    'a decoding that a signal has killed, as when memory runs out, counts as one that came to its end': edit(
      'ops/backup/postgres-tools.ts',
      'if (code === 0) return',
      'if (!code) return',
    ),
    'the manifest states another size': edit(DUMP, 'bytes += chunk.length', 'bytes += 1'),
  },
  'G1.3.1': {
    'only the size of a download is compared': edit(
      DUMP,
      'expected.sha256 === actual.sha256 && expected.bytes === actual.bytes',
      'expected.bytes === actual.bytes',
    ),
    'a download is not compared with its manifest': edit(
      DOWNLOAD,
      '    requireEqual(manifest.dump, digest, `${store.where}, ${key}`)\n',
      '',
    ),
    'a damaged backup is passed over for an older one': edit(
      DOWNLOAD,
      'id === undefined ? backup.hasManifest',
      'id === undefined ? backup.isVerified',
    ),
    'a newest backup that was removed is passed over for an older one': edit(
      DOWNLOAD,
      'if (removed !== undefined)',
      "if (removed === '')",
    ),
    'a newest backup of which the manifest alone was removed is passed over for an older one': edit(
      'ops/backup/backups.ts',
      "!present.has(keyOf(database, other, 'manifest'))",
      "!present.has(keyOf(database, other, 'dump'))",
    ),
    'a newest backup whose manifest was cut to nothing is passed over for an older one': edit(
      'ops/backup/backups.ts',
      "find('manifest') !== undefined",
      "(find('manifest')?.bytes ?? 0) > 0",
    ),
    'a manifest is not compared with its own hash': edit(
      'ops/backup/manifest.ts',
      'withHash(text) === stored ? Manifest.safeParse(JSON.parse(text)).data : undefined',
      `Manifest.safeParse((() => {
    try {
      return JSON.parse(stored)
    } catch {
      return undefined
    }
  })()).data`,
    ),
    'the list trusts the size in a manifest whose hash it does not check': edit(
      'ops/backup/backups.ts',
      'const manifest = hasManifest ? await readManifest(store, database, id) : undefined',
      `const text = hasManifest ? await store.readText(keyOf(database, id, 'manifest')) : undefined
  const manifest = text?.includes(\`"dump":{"bytes":\${bytes},\`) ? ({ dump: { bytes } } as Manifest) : undefined`,
    ),
    'a dump that was cut short in the store is listed as verified, and retention relies on it': edit(
      'ops/backup/backups.ts',
      'isVerified: manifest?.dump.bytes === bytes',
      'isVerified: manifest !== undefined && bytes > 0',
    ),
    'a restore takes the hash of the dump from the dump': edits(
      {
        file: RESTORE,
        find: "import { chooseBackup, downloadDump } from './download.ts'",
        replace:
          "import { keyOf } from './backups.ts'\nimport { hashOf } from './dump.ts'\nimport { chooseBackup, downloadDump } from './download.ts'",
      },
      {
        file: RESTORE,
        find: "downloadDump(store, manifest, join(folder, 'restore'))",
        replace:
          "store.get(keyOf(manifest.database, manifest.id, 'dump')).then(hashOf).then((dump) => downloadDump(store, { ...manifest, dump }, join(folder, 'restore')))",
      },
    ),
  },
})
