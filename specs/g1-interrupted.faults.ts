import { edit, faults } from '../harness/setup.ts'

const BACKUP = 'ops/backup/backup.ts'
const DUMP = 'ops/backup/dump.ts'

export default faults({
  'G1.1.2': {
    'the manifest is stored before the dump': edit(
      BACKUP,
      '  await store.put(key, createReadStream(dump))\n',
      "  await store.put(keyOf(database, id, 'manifest'), textOf(manifest))\n  await store.put(key, createReadStream(dump))\n",
    ),
    'a dump gets its name before its manifest is written': edit(
      'ops/backup/local-copies.ts',
      [
        '  await writeFile(join(partial, FILES.manifest), textOf(manifest), {',
        '    mode: 0o600,',
        '    flush: true,',
        '  })',
        '  const folder = join(dirname(partial), manifest.id)',
        '  await rename(partial, folder)\n',
      ].join('\n'),
      [
        '  const folder = join(dirname(partial), manifest.id)',
        '  await rename(partial, folder)',
        '  await writeFile(join(folder, FILES.manifest), textOf(manifest), {',
        '    mode: 0o600,',
        '    flush: true,',
        '  })\n',
      ].join('\n'),
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
    'the parts of an upload that did not end are listed and not removed': edit(
      'ops/backup/store.ts',
      'if (own === Key) await client.send(',
      'if (own === undefined) await client.send(',
    ),
    'a dump is kept only where its upload failed, and not where it was killed': edit(
      BACKUP,
      `  const copy = await publishLocally(partial, manifest)
  await step('upload and read back', () => publish(store, copy))\n`,
      `  const copy = { folder: partial, dump: join(partial, FILES.dump), manifest }
  await step('upload and read back', () => publish(store, copy)).catch(async (error) => {
    await publishLocally(partial, manifest)
    throw error
  })\n`,
    ),
    'a backup that the store has already ends the next run': edit(
      BACKUP,
      '  await store.discardParts(key)\n',
      `  if ((await store.readText(keyOf(database, id, 'manifest'))) !== undefined) throw new Error(key)
  await store.discardParts(key)\n`,
    ),
    'counts that cannot be read are left out': edit(
      BACKUP,
      'readSnapshotContents(snapshot)),',
      'readSnapshotContents(snapshot).catch(() => ({ tables: {}, sequences: {}, catalog: [], extensions: [] }))),',
    ),
    'the script succeeds whatever the job did': edit('stack/backup/main.ts', 'return code ?? 1', 'return 0'),
    'the script exits with 0 when its run was ended by a signal': edit(
      'stack/backup/main.ts',
      'return code ?? 1',
      'return code ?? 0',
    ),
    'a program of Postgres that was killed counts as one that ended well': edit(
      'ops/backup/postgres-tools.ts',
      'if (code === 0) return',
      'if (code === 0 || code === null) return',
    ),
    'a backup that is ended by SIGTERM, as timeout and docker stop do it, exits with 0': edit(
      'ops/backup/main.ts',
      "await runProgram(scriptOf(process.argv[2] ?? ''), main, { jsonErrors: true })",
      "process.once('SIGTERM', () => process.exit())\nawait runProgram(scriptOf(process.argv[2] ?? ''), main, { jsonErrors: true })",
    ),
    'a store that falls silent without closing the connection holds up the backup for ever': edit(
      'ops/backup/store.ts',
      'socketTimeout: SILENCE_MS',
      'socketAcquisitionWarningTimeout: SILENCE_MS',
    ),
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
    'a failure is not in the metrics': edit(
      BACKUP,
      '      noteMetrics(folder, { hma_backup_last_failure_timestamp_seconds: now() })\n',
      '',
    ),
    'before the dump it waits without a limit for the ledger of the migrations, which is locked': edit(
      'ops/backup/connection.ts',
      "{ applicationName: 'hma backup', statementTimeoutMs: CHECK_MS, lockTimeoutMs }",
      "{ applicationName: 'hma backup' }",
    ),
    'the opening of the snapshot waits without a limit for a table that is locked': edit(
      'ops/backup/snapshot.ts',
      '    await run(`set local statement_timeout = ${CHECK_MS}; set local lock_timeout = ${lockWaitSeconds * 1000}`)\n',
      '',
    ),
    'it waits for a locked table for a day': edit(DUMP, '${lockWaitSeconds}s', '1d'),
    'a dump that the store did not get is forgotten': edit(
      BACKUP,
      'of localCopies(settings.folder, settings.database)',
      "of localCopies(settings.folder, '')",
    ),
    'two runs may work at once': edit(
      'ops/backup/lock.ts',
      "'--nonblock', '--conflict-exit-code', `${HELD}`, ",
      "'--shared', ",
    ),
    'the end of pg_dump is not looked at': edit(
      DUMP,
      '    const digest = await hashThrough(tool.stdout, target)\n    await tool.ended\n',
      '    const digest = await hashThrough(tool.stdout, target)\n',
    ),
  },
})
