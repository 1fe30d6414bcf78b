import { edit, faults } from '../harness/setup.ts'

const BACKUP = 'ops/backup/backup.ts'
const DUMP = 'ops/backup/dump.ts'

export default faults({
  'G1.0.1': {
    'the dump does not use the snapshot of the manifest': edit(DUMP, ', `--snapshot=${snapshot}`]', ']'),
  },
  'G1.1.2': {
    'the manifest is stored before the dump': edit(
      BACKUP,
      '  await store.put(key, createReadStream(dump))\n',
      "  await store.put(keyOf(database, id, 'manifest'), textOf(manifest))\n  await store.put(key, createReadStream(dump))\n",
    ),
    'another copy is left beside the backup, which the list does not show': edit(
      BACKUP,
      '  await store.put(key, createReadStream(dump))\n',
      '  await store.put(`${database}/upload/dump`, createReadStream(dump))\n  await store.put(key, createReadStream(dump))\n',
    ),
    'the parts of an upload that did not end stay in the store': edit(
      BACKUP,
      '  await store.discardParts(key)\n',
      '',
    ),
    'counts that cannot be read are left out': edit(
      BACKUP,
      'readSnapshotContents(snapshot)),',
      'readSnapshotContents(snapshot).catch(() => ({ tables: {}, sequences: {}, catalog: [], extensions: [] }))),',
    ),
    'the script succeeds whatever the job did': edit('stack/backup/main.ts', 'return code ?? 1', 'return 0'),
    'what a killed run left is not removed': edit(
      'ops/backup/local-copies.ts',
      '  await rm(partial, { recursive: true, force: true })\n',
      '',
    ),
    'free space is not looked at': edit(
      'ops/backup/preflight.ts',
      'if (free >= expected + RESERVE_BYTES) return',
      'if (free >= 0) return',
    ),
    'a failed run keeps its half dump': edit(
      BACKUP,
      '      await rm(partialFolder(folder, settings.database), { recursive: true, force: true })\n',
      '',
    ),
    'a failure is not in the metrics': edit(BACKUP, '      reportFailure(folder)\n', ''),
    'it waits for a locked table for a day': edit(DUMP, '${lockWaitSeconds}s', '1d'),
    'a dump that the store did not get is forgotten': edit(
      BACKUP,
      'of localCopies(settings.folder, settings.database)',
      "of localCopies(settings.folder, '')",
    ),
    'two runs may work at once': edit(
      'ops/backup/lock.ts',
      "'--nonblock', '--conflict-exit-code', '5', ",
      "'--shared', ",
    ),
    'the end of pg_dump is not looked at': edit(
      DUMP,
      '    const digest = await hashThrough(tool.stdout, target)\n    await tool.ended\n',
      '    const digest = await hashThrough(tool.stdout, target)\n',
    ),
  },
})
