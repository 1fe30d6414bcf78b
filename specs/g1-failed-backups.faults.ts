import { edit, edits, faults } from '../harness/setup.ts'

const BACKUP = 'ops/backup/backup.ts'
const METRICS = 'ops/backup/metrics.ts'
const RESTORE_TEST = 'ops/backup/restore-test.ts'
const PRUNE = 'ops/backup/prune.ts'
const PARTIAL = '  const partial = await startPartial(settings.folder, settings.database)\n'
const POLICY = '  const policy: Policy = {'

export default faults({
  'G1.1.1': {
    'a backup that is stored fails because its metrics are not': edit(
      METRICS,
      '  } catch (error) {\n    const what',
      '  } catch (error) {\n    if (values.hma_backup_last_size_bytes) throw error\n    const what',
    ),
    'a restore that is proven fails because its metrics are not written': edits({
      file: RESTORE_TEST,
      find: 'import { type Metrics, noteMetrics, now }',
      replace: 'import { type Metrics, writeMetrics as noteMetrics, now }',
    }),
    'nobody is told that the metrics stand still': edit(
      METRICS,
      "    warn('metrics', what,",
      '    Array.of(what,',
    ),
    'what is no text in the place of the metrics stays there': edit(
      METRICS,
      '  } catch {\n    return {}\n',
      '  } catch (error) {\n    throw error\n',
    ),
  },
  'G1.1.2': {
    'a job exits with the code of the program of Postgres that failed, and one that was killed has none':
      edit(
        'ops/backup/postgres-tools.ts',
        "    next: 'read that message; no backup or database was changed.',\n    exitCode: EXIT.failed,\n",
        "    next: 'read that message; no backup or database was changed.',\n    exitCode: code ?? 0,\n",
      ),
    'of all failures only a full disk is in the metrics': edit(
      BACKUP,
      '      noteMetrics(folder, { hma_backup_last_failure',
      '      if (/ENOSPC/.test(String(error))) noteMetrics(folder, { hma_backup_last_failure',
    ),
  },
  'G1.2.2': {
    'a backup makes room in the store before it knows whether it can be made': edits(
      {
        file: BACKUP,
        find: 'import { FILES, keyOf, listBackups }',
        replace: 'import { FILES, keyOf, listBackups, removeBackup }',
      },
      {
        file: BACKUP,
        find: PARTIAL,
        replace: `${PARTIAL}  for (const { id } of (await listBackups(store, settings.database)).slice(3))
    await removeBackup(store, settings.database, id)\n`,
      },
    ),
    'after a backup that failed the prune leaves the newest one alone, to make room for the next': edits(
      {
        file: PRUNE,
        find: "import { withLock } from './lock.ts'\n",
        replace:
          "import { existsSync, readFileSync } from 'node:fs'\nimport { withLock } from './lock.ts'\nimport { metricsFile } from './metrics.ts'\n",
      },
      {
        file: PRUNE,
        find: POLICY,
        replace: `  const hasFailed = existsSync(metricsFile(folder)) && /last_failure/.test(readFileSync(metricsFile(folder), 'utf8'))\n${POLICY}`,
      },
      { file: PRUNE, find: 'newest: NEWEST,', replace: 'newest: hasFailed ? 1 : NEWEST,' },
    ),
  },
})
