import { edit, faults } from '../harness/setup.ts'

const BACKUP = 'ops/backup/backup.ts'
const COMPARE = 'ops/backup/compare.ts'
const DOWNLOAD = 'ops/backup/download.ts'
const DUMP = 'ops/backup/dump.ts'

export default faults({
  'G1.1.3': {
    'the dump is not decoded': edit(BACKUP, "    await step('decode', () => decodeDump(file, signal))\n", ''),
    'only the table of contents is decoded': edit(DUMP, "'--file=/dev/null'", "'--list'"),
    'what was uploaded is not read back': edit(
      BACKUP,
      `const stored = await hashOf(await store.get(key)).catch((cause) => {
    throw storeError(store.where, cause)
  })`,
      'const stored = manifest.dump',
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
    'rows are not compared after the restore': edit(
      COMPARE,
      '    ...tableFindings(contents.tables, restored.tables),\n',
      '',
    ),
    'a difference is reported with exit code 0': edit(
      'ops/backup/main.ts',
      'return isProven ? 0 : EXIT.failed',
      'return 0',
    ),
  },
})
